import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hsms } from '../../drivers/hsm/registry.ts';
import { links } from '../../drivers/registry.ts';
import { unitOf } from '../../station-core/practice.ts';
import { registerDevice, serviceClient } from '../suites/azure-sdk.ts';
import { heldKey } from '../suites/held-key.ts';
import { openPty } from '../suites/pty.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { TestStation } from '../suites/station.ts';

// The whole path on real parts: SoftHSM through PKCS#11, a unit behind a pty through serialport, SQLite on disk, the
// emulator over TLS, and the Azure SDKs as they are on npm.

let token: SoftHsmToken;
let line: TestStation;
const cables: { cut(): Promise<void> }[] = [];

beforeAll(async () => {
  token = await makeSoftHsm();
  const { module, tokenLabel, environment } = token;
  line = await TestStation.open({
    hsm: () => hsms.pkcs11({ module, tokenLabel, pin: token.pin(), environment }),
    openLane: (simulated, lane) => async (label, signal) => {
      await simulated.place(lane, unitOf(label));
      const pty = await openPty(simulated.port(lane));
      cables.push(pty);
      return links.serial({ path: pty.path, baud: 115_200, lane }, signal);
    },
  });
});
afterAll(async () => {
  await line.close();
  await Promise.all(cables.map((cable) => cable.cut()));
  await token.dispose();
});

const modes = ['symmetric-group', 'symmetric-individual'] as const;

test.each(modes)(
  'a unit made over a pty with a key of the HSM registers through the unmodified Azure SDK: %s',
  async (mode) => {
    const { labels } = await line.order(mode, 1);
    const label = labels[0] ?? '';
    const run = await line.scan(1, label);
    expect(run).toMatchObject({ outcome: 'passed' });
    expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
    const key = heldKey(join(line.folder, 'practice'), label);
    const { registrationId } = run;
    const { idScope } = line.emulator;
    const registered = await registerDevice(line.emulator, { registrationId, key: key ?? '', idScope });
    expect(registered).toMatchObject({ status: 'assigned', deviceId: registrationId });
  },
);

test('a stranger who was never made is not let in', async () => {
  const { idScope } = line.emulator;
  const stranger = { registrationId: 'sn-stranger', key: Buffer.alloc(32, 1).toString('base64'), idScope };
  await expect(registerDevice(line.emulator, stranger)).rejects.toThrow();
});

test('the unmodified service SDK reads back what the pump uploaded', async () => {
  const { labels } = await line.order('symmetric-individual', 2);
  const runs = [];
  for (const label of labels) runs.push(await line.scan(2, label));
  await line.as('lead', 'sync.run', {});
  const client = serviceClient(line.emulator);
  for (const { registrationId, serial } of runs) {
    const { responseBody } = await client.getIndividualEnrollment(registrationId);
    expect(responseBody).toMatchObject({ registrationId, attestation: { type: 'symmetricKey' } });
    const { responseBody: attestation } = await client.getIndividualEnrollmentAttestationMechanism(registrationId);
    expect(attestation).toMatchObject({ symmetricKey: { primaryKey: heldKey(join(line.folder, 'practice'), serial) } });
  }
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
