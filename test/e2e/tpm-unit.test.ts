import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCertificate } from '../../drivers/asn1/certificate.ts';
import { hsms } from '../../drivers/hsm/registry.ts';
import { links } from '../../drivers/registry.ts';
import { pinOf } from '../../station-core/ca/given.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { unitOf } from '../../station-core/practice.ts';
import { registerTpmDevice, serviceClient } from '../suites/azure-sdk.ts';
import { openPty } from '../suites/pty.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { TestStation } from '../suites/station.ts';
import { makeSwtpm, type Swtpm, tools } from '../suites/swtpm.ts';
import { tpmRecipe } from '../suites/tpm-line.ts';

// The whole path on real parts: SoftHSM, a unit behind a pty whose TPM is swtpm, SQLite on disk, the emulator over TLS, and the Azure
// SDK as it is on npm, which talks to the very same TPM.

let token: SoftHsmToken;
let swtpm: Swtpm;
let line: TestStation;
const cables: { cut(): Promise<void> }[] = [];

beforeAll(async () => {
  [token, swtpm] = await Promise.all([makeSoftHsm(), makeSwtpm({ certificates: true })]);
  const { module, tokenLabel, environment } = token;
  const roots = swtpm.issuerFiles.map((file) => readCertificate(readFileSync(file), file));
  line = await TestStation.open({
    hsm: () => hsms.pkcs11({ module, tokenLabel, pin: token.pin(), environment }),
    openLane: (simulated, lane) => async (label, signal) => {
      await simulated.place(lane, { ...unitOf(label), tpm: { port: swtpm.port } });
      const pty = await openPty(simulated.port(lane));
      cables.push(pty);
      return links.serial({ path: pty.path, baud: 115_200, lane }, signal);
    },
    parts: { vendorRoots: roots },
  });
});
afterAll(async () => {
  await line.close();
  await Promise.all(cables.map((cable) => cable.cut()));
  await Promise.all([token.dispose(), swtpm.stop()]);
});

const recipe = () => {
  const [root = ''] = swtpm.issuerFiles;
  return tpmRecipe({ pin: pinOf(readCertificate(readFileSync(root), root)) });
};

test('a unit whose TPM is behind a pty is enrolled by its endorsement key and registers through the unmodified Azure SDK', async () => {
  await line.as('lead', 'orders.create', { name: 'tpm', recipe: recipe(), units: [{ serial: 'GW-1' }] });
  const run = await line.scan(1, 'GW-1');
  expect(run).toMatchObject({
    outcome: 'passed',
    facts: { tpmManufacturer: 'IBM', endorsementKeyOrigin: 'persistent', ekCertificate: 'good', possession: true },
  });
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  await tools(swtpm)('tpm2_readpublic', '-c', '0x81010001', '-f', 'tss', '-o', 'ek.pub');
  const key = readFileSync(join(swtpm.folder, 'ek.pub'));
  const { registrationId } = run;
  const { responseBody } = await serviceClient(line.emulator).getIndividualEnrollment(registrationId);
  expect(responseBody.attestation).toMatchObject({ tpm: { endorsementKey: key.toString('base64') } });
  // The SDK finds the registration ID out of the TPM by itself.
  const { idScope } = line.emulator;
  const registered = await registerTpmDevice(line.emulator, { idScope, swtpm });
  expect(registered).toMatchObject({ status: 'assigned', registrationId, deviceId: registrationId });
});

test('nothing stays loaded in the TPM, and the records agree', async () => {
  const left = await tools(swtpm)('tpm2_getcap', 'handles-transient');
  expect(left.toString().trim()).toBe('');
  await line.stop();
  expect(await fsck(line.folder)).toEqual([]);
  await line.start();
  expect(line.log.incidents).toEqual([]);
});
