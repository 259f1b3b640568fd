import type { ReactElement } from 'react';
import type { CeremonyView, IssuerView } from '../../../station-core/contract/ca.ts';
import { keyGuards, keyUses } from '../../../station-core/contract/hsm.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './issuers.module.css';
import { isLawful } from './standing.ts';

type Props = { readonly issuer: IssuerView; readonly ceremony: CeremonyView; readonly onWitnessed: () => void };

/** What the witness looks at and confirms; who it was and when, afterwards. */
export function Witness({ issuer, ceremony, onWitnessed }: Props): ReactElement {
  const { screen } = useStation();
  const { t, dateTime } = useSay();
  const may = useMay();
  const { witnessed, custodians } = ceremony;
  if (witnessed) {
    return <p>{t('issuers.ceremony.witnessed', { name: witnessed.by, at: dateTime(witnessed.at) })}</p>;
  }
  const isCustodian = custodians.includes(screen.person?.name ?? '');
  return (
    <>
      <Attributes ceremony={ceremony} />
      {isCustodian && <p>{t('issuers.ceremony.witnessSelf')}</p>}
      {!isCustodian && !may('ca.witness') && <p>{t('issuers.ceremony.witnessMayNot')}</p>}
      {!isCustodian && may('ca.witness') && isLawful(ceremony) && (
        <Confirming name={issuer.name} onWitnessed={onWitnessed} />
      )}
    </>
  );
}

/** What the HSM said of the key, in words. */
function Attributes({ ceremony }: { ceremony: CeremonyView }): ReactElement {
  const { t } = useSay();
  const { attributes } = ceremony.key;
  const yes = (set: boolean | undefined) => t(set ? 'hsm.keys.yes' : 'hsm.keys.no');
  const uses = keyUses.filter((use) => attributes[use]).map((use) => t(`hsm.uses.${use}`));
  return (
    <>
      <p>{t('issuers.ceremony.attributes')}</p>
      <Facts
        facts={[
          [t('hsm.keys.uses'), uses.length === 0 ? t('hsm.uses.nothing') : uses.join(', ')],
          ...keyGuards.map((guard) => [t(`hsm.guards.${guard}`), yes(attributes[guard])] as const),
        ]}
      />
      <p>
        <strong>{t(isLawful(ceremony) ? 'issuers.ceremony.lookGood' : 'issuers.ceremony.lookBad')}</strong>
      </p>
    </>
  );
}

function Confirming({ name, onWitnessed }: { name: string; onWitnessed: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const confirm = () =>
    run(async () => {
      await act('ca.witness', { name });
      onWitnessed();
    });
  return (
    <>
      <p>{t('issuers.ceremony.witnessAsk')}</p>
      <div className={styles.buttons}>
        <Button kind="main" busy={busy} onPress={confirm}>
          {t('issuers.ceremony.witness')}
        </Button>
      </div>
      {error && <Problem error={error} />}
    </>
  );
}
