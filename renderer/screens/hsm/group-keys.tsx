import { type ReactElement, useEffect, useState } from 'react';
import type { Result } from '../../../station-core/contract/api.ts';
import { asBase64, grouped, isBase64, pemOf, sha256Of } from '../../files.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Choose, Save } from '../../ui/save.tsx';
import styles from './hsm.module.css';
import { type Reference, readReference, referenceText } from './reference.ts';

const componentsCommand = 'birthmark key import-group --label LABEL';

/** The two ways in which a group key comes into the HSM; only the wrapped one goes through a screen. */
export function GroupKeys({ onChanged }: { onChanged: () => void }): ReactElement {
  const { t } = useSay();
  return (
    <Panel title={t('hsm.group.title')}>
      <p>{t('hsm.group.about')}</p>
      <ol className={styles.ways}>
        <li>
          <p>{t('hsm.group.typed')}</p>
          <code className={styles.command}>{componentsCommand}</code>
        </li>
        <li>
          <p>{t('hsm.group.wrapped')}</p>
          <div className={styles.halves}>
            <Making onChanged={onChanged} />
            <Unwrapping onChanged={onChanged} />
          </div>
        </li>
      </ol>
    </Panel>
  );
}

/** Labels are printable ASCII (drivers/hsm/checks.ts). */
const isLabel = (label: string): boolean => /^[\x20-\x7e]{1,64}$/.test(label);

function Making({ onChanged }: { onChanged: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [label, setLabel] = useState('');
  const [made, setMade] = useState<Reference>();
  const make = () =>
    run(async () => {
      setMade(await act('hsm.makeUnwrappingKey', { label }));
      setLabel('');
      onChanged();
    });
  return (
    <section aria-label={t('hsm.group.making')} className={styles.half}>
      <h3>{t('hsm.group.making')}</h3>
      <TextField
        label={t('hsm.group.label')}
        means={t('hsm.group.labelMeans')}
        value={label}
        onChange={setLabel}
        rest={{ maxLength: 64 }}
      />
      <div className={styles.buttons}>
        <Button kind="main" busy={busy} disabled={!isLabel(label)} onPress={make}>
          {t('hsm.group.make')}
        </Button>
      </div>
      {error && <Problem error={error} />}
      {made && <MadePair pair={made} />}
    </section>
  );
}

/** What goes to the owner of the group key, and what stays here. */
function MadePair({ pair }: { pair: Reference }): ReactElement {
  const { t } = useSay();
  const [sha256, setSha256] = useState<string>();
  useEffect(() => {
    // Without a secure origin there is no digest: the owner's tool shows it all the same.
    sha256Of(pair.publicKey).then(setSha256, () => setSha256(undefined));
  }, [pair.publicKey]);
  return (
    <div role="status" className={styles.done}>
      <p>{t('hsm.group.made', { label: pair.label })}</p>
      <Facts
        facts={[
          [
            t('hsm.group.fingerprint'),
            sha256 && (
              <code key="sha256" className={styles.hash}>
                {grouped(sha256)}
              </code>
            ),
          ],
        ]}
      />
      <Save word="public.pem" name={`${fileName(pair.label)}-public.pem`} text={pemOf('PUBLIC KEY', pair.publicKey)} />
      <p>{t('hsm.group.reference')}</p>
      <Save
        word="reference.json"
        name={`${fileName(pair.label)}-reference.json`}
        text={referenceText(pair)}
        type="application/json"
      />
    </div>
  );
}

const fileName = (label: string): string => label.replace(/[^A-Za-z0-9._-]+/g, '-');

const longestFile = 16_384;

type PastedProps = {
  readonly label: string;
  readonly means: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly accept: string;
  readonly read: (bytes: Uint8Array) => string;
};

/** A text that is pasted, or read out of a file. */
function Pasted({ label, means, value, onChange, error, accept, read }: PastedProps): ReactElement {
  const { t } = useSay();
  const [unread, setUnread] = useState(false);
  return (
    <>
      <TextArea
        label={label}
        means={means}
        value={value}
        onChange={onChange}
        rows={3}
        maxLength={longestFile}
        error={unread ? t('files.unread') : error}
      />
      <Choose
        word={t('files.choose', { what: label })}
        accept={accept}
        longest={longestFile}
        onFiles={([first]) => {
          setUnread(false);
          if (first) onChange(read(first));
        }}
        onTooLong={() => setUnread(true)}
      />
    </>
  );
}

function Unwrapping({ onChanged }: { onChanged: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [label, setLabel] = useState('');
  const [reference, setReference] = useState('');
  const [wrapped, setWrapped] = useState('');
  const [done, setDone] = useState<Result<'hsm.unwrapGroupKey'>>();
  const key = readReference(reference);
  const packed = wrapped.replace(/\s+/g, '');
  const unwrap = () =>
    run(async () => {
      if (!key) return;
      setDone(await act('hsm.unwrapGroupKey', { label, key, wrapped: packed }));
      setWrapped('');
      onChanged();
    });
  return (
    <section aria-label={t('hsm.group.unwrapping')} className={styles.half}>
      <h3>{t('hsm.group.unwrapping')}</h3>
      <Pasted
        label={t('hsm.group.referenceLabel')}
        means={t('hsm.group.referenceMeans')}
        value={reference}
        onChange={setReference}
        error={reference !== '' && !key ? t('hsm.group.referenceWrong') : undefined}
        accept=".json"
        read={(bytes) => new TextDecoder().decode(bytes)}
      />
      <Pasted
        label={t('hsm.group.wrappedLabel')}
        means={t('hsm.group.wrappedMeans')}
        value={wrapped}
        onChange={setWrapped}
        error={packed !== '' && !isBase64(packed) ? t('hsm.group.wrappedWrong') : undefined}
        accept=""
        read={asBase64}
      />
      <TextField
        label={t('hsm.group.label')}
        means={t('hsm.group.labelMeans')}
        value={label}
        onChange={setLabel}
        rest={{ maxLength: 64 }}
      />
      <div className={styles.buttons}>
        <Button kind="main" busy={busy} disabled={!key || !isBase64(packed) || !isLabel(label)} onPress={unwrap}>
          {t('hsm.group.unwrap')}
        </Button>
      </div>
      {error && <Problem error={error} />}
      {done && (
        <div role="status" className={styles.done}>
          <p>{t('hsm.group.done')}</p>
          <code className={styles.command}>{`"key": ${JSON.stringify(done)}`}</code>
        </div>
      )}
    </section>
  );
}
