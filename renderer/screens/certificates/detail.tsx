import { type ReactElement, useState } from 'react';
import type { Result } from '../../../station-core/contract/api.ts';
import type { CertificateView } from '../../../station-core/contract/ca.ts';
import { grouped } from '../../files.ts';
import { useSay } from '../../say.ts';
import { useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Save } from '../../ui/save.tsx';
import styles from './certificates.module.css';
import { Revoke } from './revoke.tsx';

type Props = { readonly certificate: CertificateView; readonly onChanged: (next: CertificateView) => void };

/** All of a certificate, and what can be done with it. */
export function Detail({ certificate, onChanged }: Props): ReactElement {
  const { t } = useSay();
  const may = useMay();
  const [asked, setAsked] = useState<'renew' | 'revoke'>();
  const [renewed, setRenewed] = useState<Result<'ca.renew'>>();
  const { id, state, purpose, certificate: pem } = certificate;
  const close = () => setAsked(undefined);
  return (
    <Panel title={t('certificates.detail.title', { id })}>
      <div className={styles.place}>
        <Said certificate={certificate} />
      </div>
      {state === 'possible' && <p>{t('certificates.possibleMeans')}</p>}
      {state === 'revoked' && <p>{t('certificates.revoke.done', { issuer: certificate.issuer })}</p>}
      {renewed && (
        <div role="status">
          <p>{t('certificates.renew.done', { id: renewed.certificate.id })}</p>
          <Save
            word={t('certificates.detail.chain')}
            name={`${fileName(certificate)}-chain.pem`}
            text={renewed.chain}
          />
        </div>
      )}
      <div className={styles.buttons}>
        {pem && <Save word={t('certificates.detail.file')} name={`${fileName(certificate)}.pem`} text={pem} />}
        {state === 'issued' && purpose === 'leaf' && may('ca.renew') && (
          <Button onPress={() => setAsked('renew')}>{t('certificates.renew.open')}</Button>
        )}
        {(state === 'issued' || state === 'possible') && may('ca.revoke') && (
          <Button kind="danger" onPress={() => setAsked('revoke')}>
            {t('certificates.revoke.open')}
          </Button>
        )}
      </div>
      {asked === 'renew' && (
        <Renew
          certificate={certificate}
          onClose={close}
          onRenewed={(result) => {
            setRenewed(result);
            onChanged(certificate);
          }}
        />
      )}
      {asked === 'revoke' && <Revoke certificate={certificate} onClose={close} onRevoked={onChanged} />}
    </Panel>
  );
}

/** The place of what will be chosen, so that nothing moves then. */
export function NoneChosen(): ReactElement {
  const { t } = useSay();
  return (
    <Panel title={t('certificates.detail.none')}>
      <div className={styles.place}>
        <p className={styles.quiet}>{t('certificates.detail.choose')}</p>
      </div>
    </Panel>
  );
}

/** Whom a certificate is for, where nobody is: its number. */
export const whoOf = ({ registrationId, id }: CertificateView): string => registrationId ?? String(id);

const fileName = (certificate: CertificateView): string => whoOf(certificate).replace(/[^A-Za-z0-9._-]+/g, '-');

function Said({ certificate: one }: { certificate: CertificateView }): ReactElement {
  const { t, dateTime } = useSay();
  const hash = (text: string | undefined) =>
    text && (
      <code key={text} className={styles.hash}>
        {grouped(text)}
      </code>
    );
  return (
    <Facts
      facts={[
        [t('certificates.detail.registrationId'), one.registrationId],
        [t('certificates.columns.state'), t(`certificates.states.${one.state}`)],
        [t('certificates.detail.purpose'), t(`certificates.purposes.${one.purpose}`)],
        [t('certificates.detail.issuer'), one.issuer],
        [t('certificates.detail.order'), one.order],
        [t('certificates.detail.made'), dateTime(one.intendedAt)],
        [t('certificates.detail.ends'), dateTime(one.notAfter)],
        ...(one.revoked
          ? [
              [
                t('certificates.detail.revoked'),
                t('certificates.detail.revokedBecause', {
                  at: dateTime(one.revoked.at),
                  reason: t(`certificates.revoke.reasons.${one.revoked.reason}`),
                }),
              ] as const,
            ]
          : []),
        [t('certificates.detail.serialNumber'), hash(one.serialNumber)],
        [t('certificates.detail.sha256'), hash(one.sha256)],
      ]}
    />
  );
}

type RenewProps = {
  readonly certificate: CertificateView;
  readonly onClose: () => void;
  readonly onRenewed: (result: Result<'ca.renew'>) => void;
};

function Renew({ certificate, onClose, onRenewed }: RenewProps): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  return (
    <Confirm
      title={t('certificates.renew.title', { who: whoOf(certificate) })}
      word={t('certificates.renew.open')}
      onClose={onClose}
      onConfirm={async () => onRenewed(await act('ca.renew', { certificate: certificate.id }))}
    >
      <p>{t('certificates.renew.means')}</p>
    </Confirm>
  );
}
