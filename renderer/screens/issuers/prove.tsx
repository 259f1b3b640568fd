import { type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Save } from '../../ui/save.tsx';
import styles from './issuers.module.css';

/** The portal's code in, the certificate with it as its CN out. It can be done as often as the portal asks. */
export function Prove({ name }: { name: string }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [code, setCode] = useState('');
  const [proof, setProof] = useState<string>();
  const prove = () =>
    run(async () => {
      const { certificate } = await act('ca.verify', { name, code: code.trim() });
      setProof(certificate);
    });
  return (
    <>
      <p>{t('issuers.ceremony.proofAbout')}</p>
      {may('ca.verify') && (
        <>
          <TextField
            label={t('issuers.ceremony.code')}
            means={t('issuers.ceremony.codeMeans')}
            value={code}
            onChange={setCode}
            rest={{ maxLength: 128 }}
          />
          <div className={styles.buttons}>
            <Button busy={busy} disabled={code.trim() === ''} onPress={prove}>
              {t('issuers.ceremony.prove')}
            </Button>
          </div>
        </>
      )}
      {error && <Problem error={error} />}
      {proof && (
        <div role="status">
          <p>{t('issuers.ceremony.proved')}</p>
          <Save word="proof.pem" name={`${name}-proof.pem`} text={proof} />
        </div>
      )}
    </>
  );
}
