import type { OutboxRow } from '../../store/outbox.ts';
import type { Carried, Certificates } from '../targets/target.ts';
import type { KeyedBody } from './keyed-json.ts';

/** Whether the row's enrollment is by an endorsement key, which stands in no row of the outbox (F-92). */
export const isOfTpm = ({ body }: OutboxRow): boolean =>
  (body as { readonly attestation?: { readonly type?: unknown } }).attestation?.type === 'tpm';

/** A body with what the row carries in its place: keys beside it, certificates and endorsement keys in it. */
export function carriedBody(body: KeyedBody['body'], carried: Carried): KeyedBody {
  if ('keys' in carried) return { body, keys: carried.keys };
  if ('certificates' in carried) return certifiedBody(body, carried.certificates);
  const { endorsementKey } = carried;
  return { body: { ...body, attestation: { type: 'tpm', tpm: { endorsementKey } } }, endorsementKey };
}

/** A body with the certificates in their slots (dps-reference 2.4, X509Certificates). */
export function certifiedBody(body: KeyedBody['body'], certificates: Certificates): KeyedBody {
  const { primary, secondary } = certificates;
  const clientCertificates = {
    primary: { certificate: primary },
    ...(secondary === undefined ? {} : { secondary: { certificate: secondary } }),
  };
  return { body: { ...body, attestation: { type: 'x509', x509: { clientCertificates } } }, certificates };
}
