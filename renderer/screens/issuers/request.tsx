import type { ReactElement } from 'react';
import type { IssuerView } from '../../../station-core/contract/ca.ts';
import { grouped } from '../../files.ts';
import { useSay } from '../../say.ts';
import { Facts } from '../../ui/panel.tsx';
import { Save } from '../../ui/save.tsx';
import styles from './issuers.module.css';

/** The request for the root's owner, and the fingerprint that goes there by another way. */
export function TakeRequest({ issuer, done }: { issuer: IssuerView; done: boolean }): ReactElement {
  const { t } = useSay();
  if (done) return <p>{t('issuers.ceremony.requestDone')}</p>;
  return (
    <>
      <p>{t('issuers.ceremony.requestAbout')}</p>
      <Facts
        facts={[
          [
            t('issuers.facts.publicKey'),
            <code key="sha256" className={styles.hash}>
              {grouped(issuer.publicKey)}
            </code>,
          ],
        ]}
      />
      <Save word={t('issuers.ends.request')} name={`${issuer.name}.csr`} text={issuer.csr} />
    </>
  );
}
