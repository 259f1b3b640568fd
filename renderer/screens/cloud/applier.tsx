import { type ReactElement, useState } from 'react';
import { type ApplierFile, applierFileSchema } from '../../../station-core/contract/bundle.ts';
import { StationError } from '../../../station-core/contract/errors.ts';
import { parse } from '../../../station-core/contract/parse.ts';
import { handOut } from '../../hand-out.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './cloud.module.css';
import { fingerprintOf, isTyped } from './fingerprint.ts';

/** A public file is a few hundred bytes. */
const largestFile = 10_000;

/** Who bundles are encrypted to, and what that machine needs to trust this station: public files, and fingerprints by another way. */
export function Applier(): ReactElement | null {
  const { t } = useSay();
  const may = useMay();
  if (!may('bundle.identity')) return null;
  return (
    <Panel title={t('cloud.applier.title')}>
      <p>{t('cloud.applier.means')}</p>
      <Identity />
      {may('bundle.pinApplier') && <Pin />}
    </Panel>
  );
}

function Identity(): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { busy, error, run } = useDo();
  const [fingerprint, setFingerprint] = useState<string>();
  const save = () =>
    run(async () => {
      const { file, fingerprint: print } = await act('bundle.identity', {});
      handOut('birthmark-station.json', `${JSON.stringify(file, null, 2)}\n`);
      setFingerprint(print);
    });
  return (
    <>
      <div>
        <Button busy={busy} onPress={save}>
          {t('cloud.applier.identity')}
        </Button>
      </div>
      {error && <Problem error={error} />}
      {fingerprint !== undefined && (
        <p role="status">
          {t('cloud.applier.identityIs')} <strong className={styles.code}>{fingerprint}</strong>
        </p>
      )}
    </>
  );
}

function Pin(): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { busy, error, run } = useDo();
  const [chosen, setChosen] = useState<{ readonly name: string; readonly file: ApplierFile }>();
  const [typed, setTyped] = useState('');
  const [pinned, setPinned] = useState<string>();
  const choose = (file: File) =>
    run(async () => {
      setChosen(undefined);
      setPinned(undefined);
      setChosen({ name: file.name, file: await readApplier(file) });
    });
  const pin = ({ name, file }: NonNullable<typeof chosen>) =>
    run(async () => {
      if (!isTyped(await fingerprintOf(file), typed)) throw new StationError('bundle.fingerprint', { file: name });
      await act('bundle.pinApplier', file);
      setPinned(file.name);
      setChosen(undefined);
      setTyped('');
    });
  return (
    <>
      <div>
        <ChooseFile word={t('cloud.applier.choose')} onFile={(file) => file && choose(file)} />
      </div>
      {chosen && (
        <>
          <TextField
            label={t('cloud.applier.typed', { name: chosen.file.name })}
            means={t('cloud.applier.typedMeans')}
            value={typed}
            onChange={setTyped}
            rest={{ maxLength: 80 }}
          />
          <div>
            <Button kind="main" busy={busy} disabled={typed.trim() === ''} onPress={() => pin(chosen)}>
              {t('cloud.applier.pin')}
            </Button>
          </div>
        </>
      )}
      {error && <Problem error={error} />}
      {pinned !== undefined && <p role="status">{t('cloud.applier.pinned', { name: pinned })}</p>}
    </>
  );
}

/** Throws `input.invalid` for what is no public file of an applier. */
async function readApplier(file: File): Promise<ApplierFile> {
  const refused = (found: string) =>
    new StationError('input.invalid', { place: file.name, expected: 'the public file of an applier', found });
  if (file.size > largestFile) throw refused(`${file.size} bytes`);
  const text = await file.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('no JSON');
  }
  return parse(applierFileSchema, json, file.name);
}
