import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../drivers/hsm/pkcs11.ts';
import type { Progress } from '../../../station-core/contract/events.ts';
import { checkValueOfBytes } from '../../../station-core/keys.ts';
import { actor } from '../../../station-core/practice.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../suites/softhsm.ts';
import { TestStation } from '../../suites/station.ts';

// The station with a PKCS#11 token: locked and unlocked, its keys, its state on every screen, its process killed under it.

let token: SoftHsmToken;
let line: TestStation;
/** Whether the next start of the station gets the PIN. */
let withPin = true;
let hsm: Pkcs11Hsm;

beforeAll(async () => {
  token = await makeSoftHsm();
  line = await TestStation.open({
    lanes: 2,
    hsm: async () => {
      const { module, tokenLabel, environment } = token;
      hsm = await Pkcs11Hsm.open({ module, tokenLabel, environment, ...(withPin ? { pin: token.pin() } : {}) });
      return hsm;
    },
  });
});
afterAll(async () => {
  await line.close();
  await token.dispose();
});

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );

/** The next progress message about the HSM that says so. */
function told(state: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = line.station.onProgress((progress: Progress) => {
      if (progress.type !== 'hsm' || progress.hsm.state !== state) return;
      stop();
      resolve();
    });
  });
}

const approved = async (method: 'hsm.makeUnwrappingKey' | 'hsm.unwrapGroupKey', params: object) => {
  const { approval } = await line.as('lead', 'approvals.approve', { method, params });
  return line.station.call(method, params, { actor: actor(line.station, 'security-officer'), approval });
};

test('module, token, latency and every key are shown', async () => {
  await line.station.hsmHistory.look();
  const { hsm: seen, keys, lastHour } = await line.as('auditor', 'hsm.inspect', {});
  expect(seen).toMatchObject({ state: 'ready', kind: 'pkcs11', simulated: true, token: { label: token.tokenLabel } });
  expect(seen.module.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(seen.latencyMs.p50).toBeGreaterThan(0);
  expect(keys.map(({ label }) => label.replace(/-[0-9a-f]{6}$/, '')).sort()).toEqual([
    'birthmark-audit',
    'birthmark-audit-ed25519',
    'birthmark-pepper',
    'birthmark-sealing',
  ]);
  expect(lastHour).toMatchObject([{ state: 'ready', p50: expect.any(Number) as number }]);
});

test('keys are told in words: how long, for what, how kept, and what of the station uses them; no value is told', async () => {
  const { keys } = await line.as('auditor', 'hsm.inspect', {});
  const told = (label: string) => keys.find((one) => one.label.startsWith(label));
  const made = { sensitive: true, extractable: false, alwaysSensitive: true, neverExtractable: true, local: true };
  const kept = { ...made, token: true, private: true };
  const secret = { class: 'secret', type: 'CKK_GENERIC_SECRET', bits: 256, uses: ['sign'], guards: kept };
  expect(told('birthmark-pepper')).toMatchObject({ ...secret, usedBy: { part: 'station', name: 'pepper' } });
  const pair = { class: 'private', type: 'CKK_EC', bits: 256, uses: ['sign'], guards: kept };
  const { origin } = line.station.row;
  expect(told('birthmark-audit-')).toMatchObject({ ...pair, usedBy: { part: 'audit', name: origin } });
  const members = ['bits', 'class', 'guards', 'id', 'label', 'type', 'usedBy', 'uses'];
  expect(new Set(keys.flatMap((key) => Object.keys(key)))).toEqual(new Set(members));
});

test('nobody is told in which folder the module lies', async () => {
  const view = await line.as('technician', 'station.view', {});
  expect(view.hsm.module.name).toBe(token.module.slice(token.module.lastIndexOf('/') + 1));
  expect(JSON.stringify(view.hsm)).not.toContain('/usr');
});

test('a group key that its owner wrapped is unwrapped inside the HSM, and is the one it was', async () => {
  const groupKey = randomBytes(64);
  const key = (await approved('hsm.makeUnwrappingKey', { label: 'unwrapping' })) as {
    label: string;
    id: string;
    publicKey: string;
  };
  const spki = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt(
    { key: spki, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    groupKey,
  ).toString('base64');
  const unwrapped = await approved('hsm.unwrapGroupKey', { label: 'wrapped', key, wrapped });
  expect(unwrapped).toMatchObject({ checkValue: checkValueOfBytes(groupKey) });
  expect(line.entries().filter(({ action }) => String(action).startsWith('key.unwrap'))).toMatchObject([
    { action: 'key.unwrap-begun' },
    { action: 'key.unwrap-done', approver: expect.any(String) as string },
  ]);
});

test("the HSM's process killed under a batch: nothing wrong is made, every screen hears of it, and units pass again", async () => {
  const { labels } = await line.order('symmetric-individual', 12);
  const down = told('down');
  const queue = [...labels];
  let kills = 0;
  const work = async (lane: number) => {
    for (let serial = queue.shift(); serial !== undefined; serial = queue.shift()) {
      const run = await line.scan(lane, serial);
      // A run that met the dead HSM blames the station, and the same unit is scanned again.
      if (run.outcome !== 'passed') {
        expect([run.outcome, run.error?.code]).toEqual(['errored', 'hsm.down']);
        queue.push(serial);
      }
      if (kills < 3 && queue.length < 10 - 3 * kills && hsm.hostPid !== undefined) {
        kills++;
        process.kill(hsm.hostPid, 'SIGKILL');
      }
    }
  };
  await Promise.all([1, 2].map(work));
  await down;
  expect(kills).toBe(3);
  await line.as('lead', 'sync.run', {});
  expect(line.station.records.outbox.backlog()).toMatchObject({ queued: 0, parked: 0 });
  expect(
    line
      .entries()
      .some(({ action, details }) => action === 'hsm.state' && (details as { state: string }).state === 'down'),
  ).toBe(true);
});

test('without the PIN the station starts locked: it shows and exports, makes nothing, and is unlocked by the PIN alone', async () => {
  await line.stop();
  withPin = false;
  await line.start();
  const technician = { actor: actor(line.station, 'technician') };
  expect(await line.station.call('station.describe', {})).toMatchObject({ hsm: 'locked' });
  expect((await line.station.call('station.view', {}, technician)).hsm).toMatchObject({ state: 'locked' });
  expect(await line.as('auditor', 'hsm.inspect', {})).toMatchObject({ hsm: { state: 'locked' }, keys: [] });
  expect(await line.as('auditor', 'audit.verify', {})).toMatchObject({ ok: true });
  expect(await code(line.station.call('operators.signIn', { name: 'Lee Lead', pin: '2222' }))).toBe('hsm.locked');
  expect(await code(line.station.call('hsm.unlock', { pin: '000000' }))).toBe('hsm.pin');
  const ready = told('ready');
  expect(await line.station.call('hsm.unlock', { pin: token.pin().toString() })).toMatchObject({ state: 'ready' });
  await ready;
  const { labels } = await line.order('symmetric-individual', 1);
  expect((await line.scan(1, labels[0] ?? '')).outcome).toBe('passed');
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
