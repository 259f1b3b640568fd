import { type ReactElement, useEffect, useState } from 'react';
import type { PortFound } from '../../station-core/contract/setup.ts';
import { type Binding, beginBinding, type Owner, ownerOf, seePorts } from '../binding.ts';
import { useSay } from '../say.ts';
import { useDo, useStation } from '../station.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import styles from './find-port.module.css';
import { Problem } from './problem.tsx';

/** Fast enough to seem immediate, and a look costs a folder's listing. */
const lookEveryMs = 400;

type FindPortProps = {
  readonly of: Owner;
  /** Whose port is whose, by path. */
  readonly owners: Readonly<Record<string, Owner>>;
  readonly onFound: (port: PortFound) => void;
  readonly onClose: () => void;
};

/** Watches which port comes when somebody plugs a cable in, and takes it, unless it is another's. */
export function FindPort({ of, owners, onFound, onClose }: FindPortProps): ReactElement {
  const { t } = useSay();
  const taken = Object.fromEntries(
    Object.entries(owners).filter(([, { kind, number }]) => kind !== of.kind || number !== of.number),
  );
  const { binding, error, take } = useBinding(taken, onFound);
  const nameOf = ({ kind, number }: Owner) => t(`setup.ports.${kind}`, { number: String(number) });
  const name = nameOf(of);
  const other = binding?.owner ? nameOf(binding.owner) : '';
  const buttons = <Button onPress={onClose}>{t('setup.lanes.cancel')}</Button>;
  return (
    <Dialog title={t('setup.ports.title', { name })} buttons={buttons} onClose={onClose}>
      <p className={styles.asks} role="status">
        {binding && t(`setup.ports.${binding.asks}`, { name, other })}
      </p>
      {binding?.choices.map((port) => (
        <Button key={port.path} disabled={ownerOf(port, binding.ports, taken) !== undefined} onPress={() => take(port)}>
          {port.path} {port.about}
        </Button>
      ))}
      <p>{t('setup.lanes.watching', { count: binding?.ports.length ?? 0 })}</p>
      {error && <Problem error={error} />}
    </Dialog>
  );
}

function useBinding(taken: Readonly<Record<string, Owner>>, onFound: (port: PortFound) => void) {
  const { client } = useStation();
  const { error, run } = useDo();
  const [binding, setBinding] = useState<Binding>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one watch from the opening of the dialog to its end.
  useEffect(() => {
    let now: Binding | undefined;
    const look = async () => {
      if (now?.bound) return;
      const ports = await client.call('ports.list', {});
      now = now === undefined ? beginBinding(ports) : seePorts(now, ports, taken);
      setBinding(now);
      if (now.bound) onFound(now.bound);
    };
    run(look);
    const timer = setInterval(() => run(look), lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  return { binding, error, take: onFound };
}
