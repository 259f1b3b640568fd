import { afterAll, beforeAll, expect, test } from 'vitest';
import { StationError } from '../../station-core/contract/errors.ts';
import type { OutboxRow } from '../../station-core/store/outbox.ts';
import type { DpsClient } from '../../station-core/sync/dps/client.ts';
import { DpsTarget } from '../../station-core/sync/targets/dps.ts';
import { fatesOf } from '../suites/fates.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { http, openRawLine, type RawLine, type RawRequest, type RawService } from '../suites/raw-service.ts';
import { long, testSeed } from '../suites/seed.ts';

// A service that answers conflicts, entries, keys and groups, each changed at random: a row gets a receipt only when the
// answers about that very row say so, to a reader that shares no code with the station.

const count = long ? 100_000 : 1_000;
const seed = testSeed('dps-receipts');
const roll = dice(seed);
const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(64, 2) };
let line: RawLine;
let service: RawService;
let client: DpsClient;
let target: DpsTarget;

beforeAll(async () => {
  line = await openRawLine();
  ({ service, client } = line);
  // The target zeroes what it was given.
  const copies = () => ({ primary: Buffer.from(keys.primary), secondary: Buffer.from(keys.secondary) });
  target = new DpsTarget({ client, carriedOf: async () => ({ keys: copies() }) });
});
afterAll(() => {
  line.close();
});

const row = (id: number, action: OutboxRow['action']): OutboxRow => ({
  id,
  target: 'dps',
  registrationId: `unit-${id}`,
  action,
  version: 1,
  body: { attestation: { type: 'symmetricKey' } },
  credential: action === 'create' ? 1 : null,
  attempts: 0,
  replaces: null,
});

const encoded = { primaryKey: keys.primary.toString('base64'), secondaryKey: keys.secondary.toString('base64') };
const attestation = JSON.stringify({ type: 'symmetricKey', symmetricKey: encoded });
const entryOf = (id: string) =>
  `{"registrationId":"${id}","etag":"IjA5MCI=","attestation":{"type":"symmetricKey"},"provisioningStatus":"enabled"}`;
const groupOf = (id: string) => `{"enrollmentGroupId":"${id}","etag":"x","attestation":{"type":"symmetricKey"}}`;
const conflict = (id: string) => `{"registrationId":"${id}","errorCode":409201,"errorStatus":"there"}`;

type Said = { readonly path: string; readonly method: string; readonly status: number; readonly body: Buffer };
let said: Said[] = [];
const statuses = [200, 200, 200, 200, 200, 200, 200, 201, 204, 404, 409, 412, 500];
const telling = [0x00, 0x20, 0x22, 0x2c, 0x31, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d, 0xff];

/** What a service would say: the first two of the new ones are there already. */
function goodAnswer({ path, body }: RawRequest): string {
  const [bare = ''] = path.split('?');
  const id = decodeURIComponent(bare.split('/')[2] ?? '');
  if (bare.endsWith('/attestationmechanism')) return attestation;
  if (bare.startsWith('/enrollmentGroups/')) return groupOf(id);
  if (bare !== '/enrollments') return entryOf(id);
  const { mode, enrollments } = JSON.parse(body.toString()) as {
    mode: string;
    enrollments: { registrationId: string }[];
  };
  const there = enrollments.filter(({ registrationId }) => mode === 'create' && /-[12]$/.test(registrationId));
  const errors = there.map(({ registrationId }) => conflict(registrationId));
  return `{"isSuccessful":${errors.length === 0},"errors":[${errors.join(',')}]}`;
}

/** Half of the answers are good, so that what follows from several comes about. */
function answerTo(request: RawRequest) {
  const good = Buffer.from(goodAnswer(request));
  const status = roll(8) === 0 ? (statuses[roll(statuses.length)] ?? 200) : 200;
  const body = roll(2) > 0 ? mutate(good, roll, telling) : good;
  said.push({ method: request.method, path: request.path.split('?')[0] ?? '', status, body });
  return { bytes: http(status, body), after: 'keep' } as const;
}

/** What one answer says, to a reader that trusts nothing; nothing for one that says nothing. */
function heard({ status, body }: Said): Record<string, unknown> | undefined {
  if (status !== 200) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const about = (path: string) => said.filter((one) => one.path === path).map(heard);
const isOf = (name: string, id: string) => (value: Record<string, unknown> | undefined) =>
  String(value?.[name]).toLowerCase() === id;

/** Whether a bulk answer says that this entry was taken. */
const taken = (id: string) =>
  about('/enrollments').some((value) => {
    const errors = value?.errors ?? [];
    if (typeof value?.isSuccessful !== 'boolean' || !Array.isArray(errors)) return false;
    return !errors.some(isOf('registrationId', id));
  });

/** Whether the answers allow a receipt for this row. */
function allowed({ action, registrationId: id }: OutboxRow): boolean {
  if (action === 'expect-group') return about(`/enrollmentGroups/${id}`).some(isOf('enrollmentGroupId', id));
  const entries = about(`/enrollments/${id}`).filter(isOf('registrationId', id));
  if (taken(id)) return true;
  if (action === 'disable') return entries.some((entry) => entry?.provisioningStatus === 'disabled');
  const sameKeys = about(`/enrollments/${id}/attestationmechanism`).some((value) => {
    const shown = (value?.symmetricKey ?? {}) as Record<string, unknown>;
    const same = (name: 'primaryKey' | 'secondaryKey') =>
      Buffer.from(String(shown[name]), 'base64').equals(Buffer.from(encoded[name], 'base64'));
    return same('primaryKey') && same('secondaryKey');
  });
  return entries.length > 0 && sameKeys;
}

const works: readonly (readonly OutboxRow[])[] = [
  [row(1, 'create'), row(2, 'create'), row(3, 'create')],
  [row(4, 'expect-group')],
  [row(5, 'disable')],
];

test(`${count} works with changed answers: no receipt that no answer allows`, { timeout: 1_200_000 }, async () => {
  service.answer = answerTo;
  const receipts = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    said = [];
    const rows = works[roll(works.length)] ?? [];
    const fates = await fatesOf(target, rows, AbortSignal.timeout(30_000)).catch((thrown: unknown) => {
      if (thrown instanceof StationError && thrown.code !== 'internal') return undefined;
      throw new Error(`seed ${seed}, work ${n}`, { cause: thrown });
    });
    for (const one of rows) {
      const fate = fates?.get(one.id);
      if (!fate || !('done' in fate)) continue;
      receipts.set(one.action, (receipts.get(one.action) ?? 0) + 1);
      const told = said.map(
        ({ method, path, status, body }) => `${method} ${path} ${status} ${body.toString('latin1')}`,
      );
      expect([seed, n, one.registrationId, told, allowed(one)]).toEqual([seed, n, one.registrationId, told, true]);
    }
  }
  for (const { action } of works.flat()) expect(receipts.get(action) ?? 0).toBeGreaterThan(0);
  process.stderr.write(`dps-receipts: seed ${seed}, ${JSON.stringify([...receipts])} of ${count} works\n`);
});
