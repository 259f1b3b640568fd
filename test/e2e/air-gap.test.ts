import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { birthmark, gappedFolder, makeUnits, outboxOf, pointAt, said } from '../suites/air-gap.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { clientOf } from '../suites/station.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Twenty units made on a station with SoftHSM and no network; a bundle carried to an applier, which reaches the emulator over TLS;
// receipts carried back. Every step is the command, as a process in its own folder.

const timeout = 240_000;
let token: SoftHsmToken;
let emulator: Emulator;

beforeAll(async () => {
  token = await makeSoftHsm();
  Object.assign(process.env, token.environment);
});
afterAll(async () => {
  await emulator?.close();
  await token.dispose();
});

async function enrolled(): Promise<string[]> {
  const client = clientOf(emulator);
  const ids: string[] = [];
  for await (const page of client.query(100, AbortSignal.timeout(10_000)))
    ids.push(...page.map(({ registrationId }) => registrationId));
  client.close();
  return ids.sort();
}

test('20 units made without a network are enrolled by a bundle and its receipts, and their keys are destroyed only then', {
  timeout,
}, async () => {
  const folder = temporaryFolder();
  emulator = await startEmulator({
    folder: join(folder, 'dps'),
    switches: { throttle: { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null } },
  });
  const station = gappedFolder(join(folder, 'line'), token);
  await makeUnits(station, 20, 'symmetric-individual', token);
  // The PIN, and no connection string.
  const atLine = (...args: string[]) =>
    birthmark(folder, [...args, '--station', 'line', '--json'], { input: `${token.pin().toString()}\n\n` });
  const atOffice = (input: string, ...args: string[]) => birthmark(folder, [...args, '--json'], { input });
  const phrase = 'a pass phrase\n';

  const early = await atLine('sync', 'bundle', '--out', 'early.bundle');
  expect(early).toMatchObject({ code: 2, err: expect.stringContaining('[bundle.no-applier]') });

  const applier = said(await atOffice(phrase, 'applier', 'init', 'office', '--name', 'office', '--mode', 'practice'));
  expect(statSync(join(folder, 'office', 'keys.jwk')).mode & 0o777).toBe(0o600);
  pointAt(join(folder, 'office'), emulator);
  const pin = (print: unknown) => atLine('sync', 'pin-applier', 'office/public.json', '--fingerprint', String(print));
  expect(await pin('AAAA')).toMatchObject({ code: 2, err: expect.stringContaining('[bundle.fingerprint]') });
  expect(said(await pin(applier.fingerprint))).toMatchObject({ fingerprint: applier.fingerprint });
  const identity = said(await atLine('sync', 'identity', '--out', 'line.json'));
  const trust = ['applier', 'trust', 'line.json', '--applier', 'office', '--fingerprint', String(identity.fingerprint)];
  expect(await atOffice(phrase, ...trust)).toMatchObject({ code: 0 });

  expect(said(await atLine('sync', 'bundle', '--out', 'line.bundle'))).toMatchObject({ sequence: 1, left: 0 });
  expect(outboxOf(station).every(({ state, sealed }) => state === 'leased' && sealed !== null)).toBe(true);
  expect(await fsck(station)).toEqual([]);
  const bundle = readFileSync(join(folder, 'line.bundle'), 'latin1');
  for (const { registrationId } of outboxOf(station)) expect(bundle).not.toContain(registrationId);

  const office = `${phrase}${emulator.connectionString}\n`;
  const apply = (out: string) => atOffice(office, 'sync', 'apply', 'line.bundle', '--applier', 'office', '--out', out);
  expect(await enrolled()).toEqual([]);
  const applied = await apply('line.receipts');
  expect(applied).toMatchObject({ code: 0 });
  expect(said(applied)).toMatchObject({ done: 20, parked: 0, open: 0 });
  expect(await enrolled()).toEqual(
    outboxOf(station)
      .map(({ registrationId }) => registrationId)
      .sort(),
  );
  const calls = emulator.requests().length;
  expect(await apply('again.receipts')).toMatchObject({ code: 0 });
  expect(emulator.requests().length).toBe(calls);
  expect(readFileSync(join(folder, 'again.receipts'))).toEqual(readFileSync(join(folder, 'line.receipts')));

  const receipts = readFileSync(join(folder, 'line.receipts'), 'latin1');
  writeFileSync(join(folder, 'forged.receipts'), receipts.replace(/\.[^.]+$/, `.${'A'.repeat(86)}\n`));
  const forged = await atLine('sync', 'receipts', 'forged.receipts');
  expect(forged).toMatchObject({ code: 2, err: expect.stringContaining('[bundle.forged]') });
  expect(outboxOf(station).every(({ sealed }) => sealed !== null)).toBe(true);

  const taken = await atLine('sync', 'receipts', 'line.receipts');
  expect(taken).toMatchObject({ code: 0 });
  expect(said(taken)).toMatchObject({ done: 20, parked: 0, skipped: 0, bundle: { state: 'closed' } });
  expect(outboxOf(station)).toEqual(
    outboxOf(station).map((row) => ({ ...row, state: 'done', credential: 'destroyed', sealed: null })),
  );
  expect(said(await atLine('sync', 'receipts', 'again.receipts'))).toMatchObject({ done: 0, skipped: 20 });
  expect(await fsck(station)).toEqual([]);
  const nothing = await atLine('sync', 'bundle', '--out', 'next.bundle');
  expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('[bundle.nothing]') });
});
