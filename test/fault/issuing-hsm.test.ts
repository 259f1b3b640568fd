import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { StationError } from '../../station-core/contract/errors.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { plainCsr } from '../suites/issuing-csrs.ts';
import { foundOnce } from '../suites/issuing-founded.ts';
import { type IssuingOptions, IssuingStation, tapOf } from '../suites/issuing-station.ts';
import { certificatesOf, holdsKnown, inspectStruck, unaccounted } from '../suites/issuing-struck.ts';
import { noted, type SignDetour } from '../suites/issuing-tap.ts';

// What the HSM may do at the one call that matters, and serial numbers that are not random at all.

const found = foundOnce();
let line: IssuingStation | undefined;
afterEach(async () => {
  await line?.close();
  line = undefined;
});

/** What happens at the next signature; nothing, when it is empty. */
let detour: SignDetour | undefined;
const once: SignDetour = (key, digest, real) => {
  const now = detour;
  detour = undefined;
  return now ? now(key, digest, real) : real();
};

async function opened(units: number, options: IssuingOptions = {}) {
  const made = await found(units, { detour: once, ...options });
  line = made.station;
  return made;
}

const leaves = (folder: string) => certificatesOf(folder).filter(({ unit }) => unit !== null);
const failing =
  (error: StationError, signs: boolean): SignDetour =>
  async (_key, _digest, real) => {
    if (signs) await real();
    throw error;
  };

const lost = () => failing(new StationError('hsm.ambiguous', { what: 'sign' }), true);
const fates = [
  { name: 'whose answer was lost', fate: lost, state: 'possible', outcome: 'indeterminate', code: 'hsm.ambiguous' },
  {
    name: 'that answers another signature',
    fate: (): SignDetour => async (_key, _digest, real) => Buffer.from(await real()).reverse(),
    state: 'possible',
    outcome: 'indeterminate',
    code: 'ca.signature-wrong',
  },
  {
    name: 'that answers something that is no signature',
    fate: (): SignDetour => async (_key, _digest, real) => (await real()).subarray(1),
    state: 'possible',
    outcome: 'indeterminate',
    code: 'ca.signature-wrong',
  },
  {
    name: 'that is locked',
    fate: () => failing(new StationError('hsm.locked', {}), false),
    state: 'unsigned',
    outcome: 'errored',
    code: 'hsm.locked',
  },
  {
    name: 'that is down',
    fate: () => failing(new StationError('hsm.down', { what: 'gone' }), false),
    state: 'unsigned',
    outcome: 'errored',
    code: 'hsm.down',
  },
] as const;

test.for(fates)(
  'an HSM $name leaves the certificate $state and the run $outcome; the next scan has another serial number',
  async ({ fate, state, outcome, code }) => {
    const { folder, station, labels, since } = await opened(1);
    const [label = ''] = labels;
    detour = fate();
    const first = await station.scan(1, label);
    expect(first).toMatchObject({ outcome, error: { code } });
    const [row] = leaves(folder);
    expect(row?.state).toBe(state);
    const [unit] = station.station.records.units.bySerial(label);
    expect(unit?.state).toBe(outcome === 'indeterminate' ? 'quarantined' : 'waiting');

    expect(await station.scan(1, label)).toMatchObject({ outcome: 'passed' });
    const [before, after, ...others] = leaves(folder);
    expect(others).toEqual([]);
    expect([before?.state, after?.state]).toEqual([state, 'issued']);
    expect(after?.serial.equals(before?.serial ?? Buffer.alloc(0))).toBe(false);
    expect(after?.keyHash).toEqual(before?.keyHash);
    expect(holdsKnown(folder, label)).toBe(true);
    await inspectStruck(folder, since, { code });
    expect(await fsck(folder)).toEqual([]);
  },
);

test.for(fates)(
  'an HSM $name in the middle of a batch costs one certificate, and the same files given again complete it',
  async ({ fate, state, code }) => {
    const { folder, station, order, labels, since } = await opened(4);
    const csrs = labels.map((name) => ({ name, csr: plainCsr(station.registrationOf(name)).toString('base64') }));
    detour = fate();
    const fared = await station.as('lead', 'ca.issue', { order, csrs });
    expect(fared.filter(({ state: found }) => found === 'issued')).toHaveLength(3);
    expect(fared.find(({ state: found }) => found === 'refused')?.error?.code).toBe(code);
    expect(leaves(folder).filter((row) => row.state === state)).toHaveLength(1);

    const again = await station.as('lead', 'ca.issue', { order, csrs });
    expect(again.map(({ state: found }) => found).sort()).toEqual(['again', 'again', 'again', 'issued']);
    expect(leaves(folder).filter((row) => row.state === 'issued')).toHaveLength(4);
    await inspectStruck(folder, since, { code });
    expect(await fsck(folder)).toEqual([]);
  },
);

test('an HSM driver that fails in an unforeseen way leaves an intent that the next start counts as possibly issued', async () => {
  const { folder, station, labels, since } = await opened(1);
  const [label = ''] = labels;
  detour = () => Promise.reject(new TypeError('nobody foresaw this'));
  expect((await station.scan(1, label)).outcome).toBe('indeterminate');
  expect(leaves(folder).map(({ state }) => state)).toEqual(['intended']);
  await station.close();
  expect(await inspectStruck(folder, since, {})).toBe(1);
  line = await IssuingStation.open(folder);
  expect(leaves(folder).map(({ state }) => state)).toEqual(['possible']);
  expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  expect(leaves(folder).map(({ state }) => state)).toEqual(['possible', 'issued']);
});

test('serial numbers that repeat are refused before anything is signed, on both lanes and in a batch', async () => {
  let stuck: number | undefined;
  const serialNumbers = (bytes: number) => (stuck === undefined ? randomBytes(bytes) : Buffer.alloc(bytes, stuck));
  const { folder, station, order, labels, since } = await opened(5, { parts: { serialNumbers } });
  stuck = 7;
  const [one = '', two = '', ...rest] = labels;
  const runs = await Promise.all([station.scan(1, one), station.scan(2, two)]);
  expect(runs.map(({ outcome }) => outcome).sort()).toEqual(['errored', 'passed']);
  expect(runs.find(({ outcome }) => outcome === 'errored')?.error?.code).toBe('ca.serial-taken');
  const signed = () =>
    noted(tapOf(folder))
      .slice(since)
      .filter(({ what }) => what === 'signed').length;
  expect(signed()).toBe(1);

  stuck = 8;
  const csrs = rest.map((name) => ({ name, csr: plainCsr(station.registrationOf(name)).toString('base64') }));
  const fared = await station.as('lead', 'ca.issue', { order, csrs });
  expect(fared.map(({ state, error }) => error?.code ?? state).sort()).toEqual([
    'ca.serial-taken',
    'ca.serial-taken',
    'issued',
  ]);
  expect(signed()).toBe(2);

  stuck = undefined;
  for (const label of [one, two]) {
    if (station.station.records.units.bySerial(label)[0]?.state === 'finished') continue;
    expect(await station.scan(1, label)).toMatchObject({ outcome: 'passed' });
  }
  const again = await station.as('lead', 'ca.issue', { order, csrs });
  expect(again.map(({ state }) => state).sort()).toEqual(['again', 'issued', 'issued']);
  await inspectStruck(folder, since, {});
  expect(await fsck(folder)).toEqual([]);
});

test('a database that takes no intent gets nothing signed', async () => {
  const { folder, station, order, labels, since } = await opened(2);
  const { db } = station.station.records;
  const csrs = labels.map((name) => ({ name, csr: plainCsr(station.registrationOf(name)).toString('base64') }));
  db.pragma('query_only = 1');
  await expect(station.as('lead', 'ca.issue', { order, csrs })).rejects.toThrow();
  expect(noted(tapOf(folder))).toHaveLength(since);
  db.pragma('query_only = 0');
  const fared = await station.as('lead', 'ca.issue', { order, csrs });
  expect(fared.map(({ state }) => state)).toEqual(['issued', 'issued']);
});

test('a signer that asks again when an answer was lost is caught', async () => {
  const { folder, station, labels, since } = await opened(1);
  detour = async (_key, _digest, real) => {
    await real();
    return real();
  };
  expect(await station.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'passed' });
  expect(unaccounted(folder, since)).toMatchObject({ unknown: [], twice: [expect.any(String)] });
});
