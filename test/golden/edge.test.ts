import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forms, rendered, whereabouts } from '../unit/station-core/edge/rendering.ts';

const folder = join(import.meta.dirname, 'edge');

// BIRTHMARK_RENEW=1 writes the files; without it a change of any byte is seen here.
test.each(forms)('the file %s is the same, byte for byte', (name, plan, attestation) => {
  const path = join(folder, name);
  const text = rendered(plan, attestation);
  if (process.env.BIRTHMARK_RENEW === '1') writeFileSync(path, text);
  else expect(text).toBe(readFileSync(path, 'latin1'));
});

test('every golden file is of a form that is rendered', () => {
  expect(readdirSync(folder).sort()).toEqual(forms.map(([name]) => name).sort());
});

const filled = (lines: readonly string[]) =>
  `${lines.join('\n')}\n`
    .replace('SCOPE_ID_HERE', whereabouts.idScope)
    .replace('REGISTRATION_ID_HERE', whereabouts.registrationId);

// Microsoft's "Create and provision IoT Edge devices at scale with a TPM on Linux", without the settings that it shows in comments.
test('config.toml for a TPM is what the documents of IoT Edge show', () => {
  const shown = [
    '# DPS provisioning with TPM',
    '[provisioning]',
    'source = "dps"',
    'global_endpoint = "https://global.azure-devices-provisioning.net"',
    'id_scope = "SCOPE_ID_HERE"',
    '',
    '[provisioning.attestation]',
    'method = "tpm"',
    'registration_id = "REGISTRATION_ID_HERE"',
  ];
  expect(rendered({ format: 'toml' }, 'tpm')).toBe(filled(shown));
});

test('config.yaml for a TPM is what the documents of IoT Edge 1.1 show, with both settings', () => {
  const shown = [
    '# DPS TPM provisioning configuration',
    'provisioning:',
    '  source: "dps"',
    '  global_endpoint: "https://global.azure-devices-provisioning.net"',
    '  scope_id: "SCOPE_ID_HERE"',
    '  attestation:',
    '    method: "tpm"',
    '    registration_id: "REGISTRATION_ID_HERE"',
    '',
    '  always_reprovision_on_startup: true',
    '  dynamic_reprovisioning: false',
  ];
  const plan = { format: 'yaml', alwaysReprovisionOnStartup: true, dynamicReprovisioning: false } as const;
  expect(rendered(plan, 'tpm')).toBe(filled(shown));
});
