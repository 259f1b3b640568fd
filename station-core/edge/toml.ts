// /etc/aziot/config.toml of IoT Edge 1.2 and newer, in the order and with the blanks of its template (dps-reference 12).
import { quoted } from './quoted.ts';
import { type Around, type AttestationType, methods, type Settings, urlOf } from './settings.ts';

const titles = {
  symmetricKey: '# DPS provisioning with symmetric key',
  x509: '# DPS provisioning with X.509 certificate',
  tpm: '# DPS provisioning with TPM',
} as const satisfies Record<AttestationType, string>;

/**
 * The file. What is no table's comes first: under [provisioning.attestation], where the template shows it in a comment,
 * `auto_reprovisioning_mode` would be a setting of that table.
 */
export function toml(settings: Settings<'toml'>): Around {
  const { plan, attestation, idScope, registrationId } = settings;
  const head = [
    ...(plan.autoReprovisioning ? [`auto_reprovisioning_mode = ${quoted(plan.autoReprovisioning)}`, ''] : []),
    titles[attestation],
    '[provisioning]',
    'source = "dps"',
    `global_endpoint = ${quoted(urlOf(settings))}`,
    `id_scope = ${quoted(idScope)}`,
    ...(plan.payload ? [`payload = { uri = ${quoted(plan.payload)} }`] : []),
    '',
    '[provisioning.attestation]',
    `method = ${quoted(methods[attestation])}`,
    `registration_id = ${quoted(registrationId)}`,
  ];
  const start = [...head, ...attesting(settings)].join('\n');
  if (plan.symmetricKey !== 'inline') return { before: `${start}\n` };
  return { before: `${start}\nsymmetric_key = { value = "`, after: '" }\n' };
}

/** What the attestation needs beside its method and registration ID. */
function attesting({ plan, attestation }: Settings<'toml'>): readonly string[] {
  switch (attestation) {
    case 'symmetricKey':
      return typeof plan.symmetricKey === 'object'
        ? [`symmetric_key = { uri = ${quoted(plan.symmetricKey.uri)} }`]
        : [];
    case 'x509':
      return plan.x509
        ? [`identity_cert = ${quoted(plan.x509.certificate)}`, `identity_pk = ${quoted(plan.x509.privateKey)}`]
        : [];
    case 'tpm':
      return ofTpm(plan);
  }
}

function ofTpm({ tpm = {} }: Settings<'toml'>['plan']): readonly string[] {
  const lines = [
    ...(tpm.tcti === undefined ? [] : [`tcti = ${quoted(tpm.tcti)}`]),
    ...(tpm.authKeyIndex === undefined ? [] : [`auth_key_index = ${index(tpm.authKeyIndex)}`]),
  ];
  return lines.length === 0 ? [] : ['', '[tpm]', ...lines];
}

/** As the template writes it: 0x00_01_00. */
const index = (value: number): string =>
  `0x${value
    .toString(16)
    .toUpperCase()
    .padStart(6, '0')
    .replace(/(..)(?=.)/g, '$1_')}`;
