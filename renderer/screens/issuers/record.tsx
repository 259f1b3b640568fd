import type { ReactElement } from 'react';
import { createPortal } from 'react-dom';
import type { CeremonyRecord, IssuerView } from '../../../station-core/contract/ca.ts';
import { grouped } from '../../files.ts';
import { useSay } from '../../say.ts';
import { useAsk, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Save } from '../../ui/save.tsx';
import styles from './issuers.module.css';

/** The signed record, to be saved and to be printed, signed by hand and filed (docs/ceremony.md, 2). */
export function RecordSaving({ issuer }: { issuer: IssuerView }): ReactElement {
  const { t } = useSay();
  const { value: record, error, again } = useAsk('ca.record', { name: issuer.name });
  if (error) return <Problem error={error} again={again} />;
  if (!record) return <p>{t('frame.asking')}</p>;
  return (
    <div className={styles.buttons}>
      <Save
        word={t('issuers.record.save')}
        name={`${issuer.name}-record.json`}
        text={`${JSON.stringify(record, null, 2)}\n`}
        type="application/json"
      />
      <Button onPress={() => window.print()}>{t('issuers.record.print')}</Button>
      {createPortal(<Sheet issuer={issuer} record={record} />, document.body)}
    </div>
  );
}

/** What is printed in the place of the screen; on the screen nobody sees it. */
function Sheet({ issuer, record }: { issuer: IssuerView; record: CeremonyRecord }): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const [first, second, ...others] = record.people.map(({ name }) => name);
  const witness = others.at(-1) ?? second;
  const rows: readonly (readonly [string, string])[] = [
    [t('issuers.record.station'), screen.description?.station ?? ''],
    [t('issuers.record.issuer'), `${issuer.name}: ${issuer.subject}`],
    [t('issuers.facts.publicKey'), grouped(issuer.publicKey)],
    [t('issuers.record.custodians'), [first, ...(others.length > 0 ? [second] : [])].join(', ')],
    [t('issuers.record.witness'), witness ?? ''],
    [t('issuers.record.signature'), record.signature],
    [t('issuers.record.auditKey'), record.auditKey],
    [t('issuers.record.bytes'), record.record],
  ];
  return (
    <article className={styles.sheet} aria-hidden="true">
      <h1>{t('issuers.record.title')}</h1>
      {rows.map(([label, value]) => (
        <div key={label}>
          <strong>{label}</strong>
          <pre>{value}</pre>
        </div>
      ))}
      <p>{t('issuers.record.sign')}</p>
      {record.people.map(({ name, commitment }) => (
        <p key={commitment} className={styles.hand}>
          {name}
        </p>
      ))}
    </article>
  );
}
