import type { ReactElement } from 'react';
import type { IssuerView } from '../../../station-core/contract/ca.ts';
import { grouped } from '../../files.ts';
import type { Look } from '../../looks.ts';
import { useSay } from '../../say.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { Ends } from './ends.tsx';
import styles from './issuers.module.css';
import { QuotaPanel } from './quota.tsx';
import { expirySaid } from './said.ts';
import { expiryOf } from './standing.ts';

type Props = { readonly issuer: IssuerView; readonly onChanged: () => void };

/** An issuer as a whole: what it is like, how long it lasts, what it may still issue, and what can be done with it. */
export function Issuer({ issuer, onChanged }: Props): ReactElement {
  const say = useSay();
  const { t, date } = say;
  const { thumbprints, notAfter } = issuer;
  const hash = (text: string) => (
    <code key={text} className={styles.hash}>
      {grouped(text)}
    </code>
  );
  return (
    <>
      <Panel title={`${issuer.name}: ${t(`issuers.states.${issuer.state}`)}`}>
        <Warnings issuer={issuer} />
        <Facts
          facts={[
            [t('issuers.facts.subject'), issuer.subject],
            [t('issuers.facts.key'), `${t(`issuers.kinds.${issuer.kind}`)}, ${issuer.algorithm}`],
            [
              t('issuers.facts.expires'),
              notAfter && `${expirySaid(issuer, say)} (${t('issuers.expiry.on', { date: date(notAfter) })})`,
            ],
            [t('issuers.facts.crl'), <Crl key="crl" issuer={issuer} />],
            [t('issuers.facts.publicKey'), hash(issuer.publicKey)],
            ...(thumbprints
              ? [
                  [t('issuers.facts.sha1'), hash(thumbprints.sha1)] as const,
                  [t('issuers.facts.sha256'), hash(thumbprints.sha256)] as const,
                ]
              : []),
          ]}
        />
        <p className={styles.quiet}>{t('issuers.facts.compare')}</p>
      </Panel>
      {issuer.kind === 'intermediate' && <QuotaPanel issuer={issuer} onChanged={onChanged} />}
      <Ends issuer={issuer} onChanged={onChanged} />
    </>
  );
}

function Crl({ issuer: { crl } }: { issuer: IssuerView }): ReactElement {
  const { t, date, dateTime } = useSay();
  if (!crl) return <>{t('issuers.facts.noCrl')}</>;
  return <>{t('issuers.facts.crlOf', { number: crl.number, at: dateTime(crl.signedAt), until: date(crl.until) })}</>;
}

/** What has to be done about it, in words. */
function Warnings({ issuer: { state, notAfter, crl } }: { issuer: IssuerView }): ReactElement | null {
  const { t } = useSay();
  if (state !== 'active' && state !== 'retired') return null;
  const { level } = expiryOf(notAfter, Date.now());
  const means =
    level === 'urgent' || level === 'soon' || level === 'expired' ? t(`issuers.expiry.${level}Means`) : undefined;
  const ended = crl && Date.parse(crl.until) < Date.now() ? t('issuers.facts.crlEnded') : undefined;
  const look: Look = level === 'expired' ? 'errored' : 'aborted';
  const says = [state === 'active' ? means : undefined, ended].filter((one) => one !== undefined);
  if (says.length === 0) return null;
  return (
    <div className={styles.notice} data-look={look} role="status">
      <Shape look={look} className={styles.shape} />
      <div>
        {says.map((one) => (
          <p key={one}>{one}</p>
        ))}
      </div>
    </div>
  );
}
