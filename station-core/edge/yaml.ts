// /etc/iotedge/config.yaml of IoT Edge 1.1: two spaces a level, and none before `provisioning:` (dps-reference 12).
import { quoted } from './quoted.ts';
import { type Around, type AttestationType, methods, type Settings, urlOf } from './settings.ts';

const titles = {
  symmetricKey: '# DPS symmetric key provisioning configuration',
  x509: '# DPS X.509 provisioning configuration',
  tpm: '# DPS TPM provisioning configuration',
} as const satisfies Record<AttestationType, string>;

/** The file's section `provisioning`; of what it does not say, IoT Edge has defaults. */
export function yaml(settings: Settings<'yaml'>): Around {
  const { plan, attestation, idScope, registrationId } = settings;
  const start = [
    titles[attestation],
    'provisioning:',
    '  source: "dps"',
    `  global_endpoint: ${quoted(urlOf(settings))}`,
    `  scope_id: ${quoted(idScope)}`,
    '  attestation:',
    `    method: ${quoted(methods[attestation])}`,
    `    registration_id: ${quoted(registrationId)}`,
  ];
  const end = reprovisioning(plan);
  if (attestation === 'symmetricKey') {
    return { before: `${start.join('\n')}\n    symmetric_key: "`, after: `${['"', ...end].join('\n')}\n` };
  }
  const pair =
    plan.x509 && attestation === 'x509'
      ? [`    identity_cert: ${quoted(plan.x509.certificate)}`, `    identity_pk: ${quoted(plan.x509.privateKey)}`]
      : [];
  return { before: `${[...start, ...pair, ...end].join('\n')}\n` };
}

function reprovisioning({
  alwaysReprovisionOnStartup: always,
  dynamicReprovisioning: dynamic,
}: Settings<'yaml'>['plan']): readonly string[] {
  const lines = [
    ...(always === undefined ? [] : [`  always_reprovision_on_startup: ${always}`]),
    ...(dynamic === undefined ? [] : [`  dynamic_reprovisioning: ${dynamic}`]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}
