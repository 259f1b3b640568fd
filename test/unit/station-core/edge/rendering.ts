import type { EdgePlan } from '../../../../station-core/contract/edge.ts';
import { configFile, keyFile } from '../../../../station-core/edge/files.ts';
import type { AttestationType, Whereabouts } from '../../../../station-core/edge/settings.ts';

export const whereabouts: Whereabouts = {
  idScope: '0ne00000A0A',
  endpoint: 'global.azure-devices-provisioning.net',
  registrationId: 'gw-000001',
};

/** A key whose base64 has every kind of digit and padding. */
export const key = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37 + 251) & 255));

/** What IoT Edge reads on the unit, as text. */
export function rendered(plan: EdgePlan, attestation: AttestationType, values = whereabouts): string {
  const inline = plan.symmetricKey === 'inline';
  const { bytes } = inline ? keyFile(plan, values, key) : configFile(plan, attestation, values);
  return bytes.toString('latin1');
}

const x509 = { certificate: 'file:///var/secrets/device-id.pem', privateKey: 'file:///var/secrets/device-id.key.pem' };
const token = 'pkcs11:token=edge;object=device-id?pin-source=file:/etc/pin';
const always = { alwaysReprovisionOnStartup: true, dynamicReprovisioning: false } as const;

/** One of each form that a file can have, by the name of its golden file. */
export const forms: readonly (readonly [name: string, plan: EdgePlan, attestation: AttestationType])[] = [
  ['tpm.toml', { format: 'toml' }, 'tpm'],
  [
    'tpm-swtpm.toml',
    { format: 'toml', autoReprovisioning: 'Dynamic', tpm: { tcti: 'swtpm:port=2321', authKeyIndex: 0x100 } },
    'tpm',
  ],
  ['symmetric-inline.toml', { format: 'toml', symmetricKey: 'inline' }, 'symmetricKey'],
  ['symmetric-uri.toml', { format: 'toml', symmetricKey: { uri: 'file:///var/secrets/device.key' } }, 'symmetricKey'],
  [
    'x509.toml',
    { format: 'toml', x509, autoReprovisioning: 'OnErrorOnly', payload: 'file:///etc/aziot/payload.json' },
    'x509',
  ],
  ['x509-token.toml', { format: 'toml', x509: { ...x509, privateKey: token } }, 'x509'],
  ['tpm.yaml', { format: 'yaml' }, 'tpm'],
  ['tpm-reprovisioning.yaml', { format: 'yaml', ...always }, 'tpm'],
  ['symmetric-inline.yaml', { format: 'yaml', symmetricKey: 'inline', ...always }, 'symmetricKey'],
  ['x509.yaml', { format: 'yaml', x509 }, 'x509'],
];
