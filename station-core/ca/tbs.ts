import { type TbsFields, writeTbs } from '../../drivers/asn1/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  subjectKeyIdentifier,
} from '../../drivers/asn1/extensions.ts';
import { signatureAlgorithmOf } from '../../drivers/asn1/signatures.ts';
import { isCa, type Rules } from './rules.ts';

/** The exact bytes that will be signed for these rules. Pure; nothing of a CSR but its key gets in. */
export function buildTbs(rules: Rules, serial: Buffer): Buffer {
  const { issuer, subject, key, notBefore, notAfter } = rules;
  const fields: TbsFields = {
    serial,
    signatureAlgorithm: signatureAlgorithmOf(issuer.algorithm),
    issuerDer: issuer.subjectDer,
    notBefore,
    notAfter,
    subject,
    spki: key.spki,
    extensions: extensionsOf(rules),
  };
  return writeTbs(fields);
}

function extensionsOf(rules: Rules): TbsFields['extensions'] {
  const { purpose, key, issuer, pathLength } = rules;
  const ca = isCa(purpose);
  return [
    // Critical in a CA (RFC 5280 section 4.2.1.9); a leaf says CA:FALSE as F-52 has it.
    basicConstraints({ ca, critical: ca, ...(pathLength === undefined ? {} : { pathLength }) }),
    keyUsage(rules.keyUsage),
    ...(rules.extendedKeyUsage.length > 0 ? [extendedKeyUsage(rules.extendedKeyUsage)] : []),
    subjectKeyIdentifier(key.spki),
    authorityKeyIdentifier(issuer.keyIdentifier),
    ...rules.extensions,
  ];
}
