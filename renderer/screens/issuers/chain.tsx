import { type ReactElement, useState } from 'react';
import type { CeremonyView, IssuerView } from '../../../station-core/contract/ca.ts';
import { asPem } from '../../files.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Choose } from '../../ui/save.tsx';
import styles from './issuers.module.css';

/** The longest chain that the call takes (contract/api.ts). */
const longest = 65_536;

type Props = {
  readonly issuer: IssuerView;
  readonly done: boolean;
  readonly imported: CeremonyView['imported'];
  readonly onImported: () => void;
};

/** Takes the signed certificate and all above it, as files or pasted; on the practice line the practice root signs it here. */
export function BringChain({ issuer, done, imported, onImported }: Props): ReactElement | null {
  const { act, screen } = useStation();
  const { t, dateTime, locale } = useSay();
  const may = useMay();
  const importing = useDo();
  const signing = useDo();
  const [chain, setChain] = useState('');
  const [unread, setUnread] = useState(false);
  if (done) {
    const people = new Intl.ListFormat(locale).format(imported?.people ?? []);
    return imported ? <p>{t('issuers.ceremony.imported', { people, at: dateTime(imported.at) })}</p> : null;
  }
  if (!may('ca.import')) return <p>{t('issuers.ceremony.chainAbout')}</p>;
  const bring = () =>
    importing.run(async () => {
      await act('ca.import', { name: issuer.name, chain });
      onImported();
    });
  const sign = () =>
    signing.run(async () => {
      const signed = await act('ca.practiceSign', { name: issuer.name });
      setChain(signed.chain);
    });
  return (
    <>
      {screen.description?.mode === 'practice' && (
        <div className={styles.buttons}>
          <Button busy={signing.busy} onPress={sign}>
            {t('issuers.ceremony.practiceSign')}
          </Button>
          <span className={styles.quiet}>{t('issuers.ceremony.practiceMeans')}</span>
        </div>
      )}
      {signing.error && <Problem error={signing.error} />}
      <TextArea
        label={t('issuers.ceremony.chainLabel')}
        means={t('issuers.ceremony.chainAbout')}
        value={chain}
        onChange={setChain}
        rows={6}
        maxLength={longest}
      />
      <div className={styles.buttons}>
        <Choose
          word={t('issuers.ceremony.chooseFiles')}
          accept=".pem,.crt,.cer,.der"
          many
          longest={longest}
          onFiles={(files) => {
            setUnread(false);
            setChain(files.map(asPem).join(''));
          }}
          onTooLong={() => setUnread(true)}
        />
        <Button kind="main" busy={importing.busy} disabled={chain.trim() === ''} onPress={bring}>
          {t('issuers.ceremony.import')}
        </Button>
      </div>
      {unread && <p role="alert">{t('files.unread')}</p>}
      {importing.error && <Problem error={importing.error} />}
    </>
  );
}
