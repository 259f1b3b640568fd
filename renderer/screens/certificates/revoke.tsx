import { type ReactElement, useState } from 'react';
import { type CertificateView, type RevocationReason, revocationReasons } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Choice } from '../../ui/field.tsx';

type Props = {
  readonly certificate: CertificateView;
  readonly onClose: () => void;
  readonly onRevoked: (certificate: CertificateView) => void;
};

/** Says what revoking does and what it does not, asks why, and has two people do it. */
export function Revoke({ certificate, onClose, onRevoked }: Props): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const [reason, setReason] = useState<RevocationReason>('unspecified');
  const { id, registrationId, issuer } = certificate;
  const reasons = Object.fromEntries(revocationReasons.map((one) => [one, t(`certificates.revoke.reasons.${one}`)]));
  return (
    <Confirm
      title={t('certificates.revoke.title', { who: registrationId ?? String(id) })}
      word={t('certificates.revoke.open')}
      onClose={onClose}
      onConfirm={async () => onRevoked(await act('ca.revoke', { certificate: id, reason }))}
    >
      <p>{t('certificates.revoke.means', { issuer })}</p>
      <p>{t('certificates.revoke.cloud')}</p>
      <Choice
        label={t('certificates.revoke.reason')}
        value={reason}
        choices={reasons as Record<RevocationReason, string>}
        onChange={setReason}
      />
    </Confirm>
  );
}
