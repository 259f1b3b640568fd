import { afterEach, beforeEach, expect, test } from 'vitest';
import { logKeyOf } from '../../../../station-core/audit/heads.ts';
import { verifyConsistency } from '../../../../station-core/audit/merkle.ts';
import { parseCheckpoint, verifyNote } from '../../../../station-core/audit/note.ts';
import { StoredTree } from '../../../../station-core/audit/tree.ts';
import { beginOrigin, rotateKey } from '../../../../station-core/audit-keys.ts';
import { actor } from '../../../../station-core/practice.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
beforeEach(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterEach(() => line.close());

const by = () => ({
  actor: actor(line.station, 'security-officer'),
  approver: actor(line.station, 'lead'),
  secret: undefined,
  keep: undefined,
});

/** Every head verifies under its key and holds the one before it, as long as their origin is one. */
function checkHeads() {
  const { heads, records } = line.station;
  const tree = new StoredTree(records.db);
  const keys = new Map(heads.keys().map((row) => [row.n, logKeyOf(row)]));
  const all = heads.from(1, 1_000);
  for (const [at, head] of all.entries()) {
    const key = keys.get(head.key);
    const read = parseCheckpoint(head.note);
    expect(key && verifyNote(read, key)).toBe(true);
    expect(read).toMatchObject({ size: head.size, root: head.root });
    const before = all[at - 1];
    if (!before) continue;
    const proof = tree.consistency(before.size, head.size);
    expect(verifyConsistency(before.size, head.size, proof, before.root, head.root)).toBe(true);
  }
  return all;
}

test('a head is signed at the start and at the stop, and one that covers everything is not signed again', async () => {
  const before = checkHeads();
  expect(before.map(({ why }) => why)).toEqual(['start']);
  await line.stop();
  await line.start();
  const { sealing } = line.station;
  expect(checkHeads().map(({ why }) => why)).toEqual(['start', 'stop', 'start']);
  const head = await sealing.sign('asked');
  expect(await sealing.sign('asked')).toEqual(head);
  expect(sealing.unsealed()).toBe(0);
});

test('the log names its keys, and a key that was rotated in signs after the old one vouched for it', async () => {
  const { station } = line;
  const [old] = station.heads.keys();
  await rotateKey(station, by());
  const [, next] = station.heads.keys();
  const rotation = station.heads.newest();
  expect(rotation).toMatchObject({ why: 'rotation', key: 1 });
  await line.as('lead', 'orders.arm', { order: 'none' }).catch(() => undefined);
  expect(await station.sealing.sign('asked')).toMatchObject({ key: 2 });
  const entries = line.entries();
  expect(entries.find(({ action }) => action === 'audit.key-made')).toMatchObject({
    details: { n: 1, p256: old?.publicKey, ed25519: old?.edPublicKey, origin: old?.origin },
  });
  expect(entries[next?.since ?? -1]).toMatchObject({
    action: 'audit.key-rotated',
    details: { n: 2, p256: next?.publicKey },
  });
  // The old halves are gone from the HSM.
  const { keys } = await line.as('auditor', 'hsm.inspect', {});
  expect(keys.filter(({ label }) => label === old?.label || label === old?.edLabel)).toEqual([]);
  checkHeads();
});

test('a key that no head covers yet is not rotated again before one does', async () => {
  const { station } = line;
  const { sealing } = station;
  const real = sealing.sign.bind(sealing);
  sealing.sign = async () => undefined; // an HSM that is away for as long as one head takes
  await expect(rotateKey(station, by())).rejects.toMatchObject({ code: 'audit.unsigned' });
  await expect(rotateKey(station, by())).rejects.toMatchObject({ code: 'audit.unsigned' });
  expect(station.heads.keys()).toHaveLength(2);
  sealing.sign = real;
  await rotateKey(station, by());
  expect(station.heads.keys()).toHaveLength(3);
  expect(checkHeads().map(({ key }) => key)).toEqual([1, 1, 2]);
});

test('an origin that is begun anew quotes the last head, and its entries carry the new name', async () => {
  const { station } = line;
  const last = await station.sealing.sign('asked');
  const quotes = { origin: station.row.origin, size: last?.size ?? 0, root: last?.root.toString('base64') ?? '' };
  const key = await beginOrigin(station, 'key-lost', quotes, by());
  expect(key.origin).not.toBe(station.row.origin);
  const entry = line.entries().at(-1);
  expect(entry).toMatchObject({
    action: 'audit.origin-begun',
    origin: key.origin,
    details: { quotes, why: 'key-lost' },
  });
  expect(station.heads.newest()).toMatchObject({ key: 2 });
  checkHeads();
});

test('no head is signed over entries that are not those of the last head', async () => {
  const { station } = line;
  const { db } = station.records;
  const head = await station.sealing.sign('asked');
  db.exec('DROP TRIGGER audit_is_append_only_u');
  db.prepare('UPDATE audit_entry SET leaf = zeroblob(32) WHERE seq = 2').run();
  await line.as('lead', 'orders.arm', { order: 'none' }).catch(() => undefined);
  expect(await station.sealing.sign('asked')).toBeUndefined();
  expect(station.heads.newest()).toEqual(head);
  expect(station.stop.error()).toMatchObject({ code: 'audit.damaged' });
  expect(line.entries().at(-1)).toMatchObject({ action: 'audit.stopped', reason: 'audit.damaged' });
});

test('no head is signed over a new entry that was changed after it was written', async () => {
  const { station } = line;
  const { db } = station.records;
  await line.as('lead', 'orders.arm', { order: 'none' }).catch(() => undefined);
  db.exec('DROP TRIGGER audit_is_append_only_u');
  const seq = station.audit.head().entries - 1;
  db.prepare(`UPDATE audit_entry SET bytes = replace(bytes, '"result":"refused"', '"result":"ok"') WHERE seq = ?`).run(
    seq,
  );
  expect(await station.sealing.sign('asked')).toBeUndefined();
  expect(station.stop.error()).toMatchObject({ code: 'audit.damaged', details: { place: `entry ${seq}` } });
});

test('what was to be signed when the station died is signed first at the next start', async () => {
  const { heads, audit, records } = line.station;
  const at = audit.head().entries;
  await line.as('lead', 'orders.arm', { order: 'none' }).catch(() => undefined);
  await records.commits.commit(() =>
    heads.intend({
      size: at + 1,
      root: new StoredTree(records.db).root(at + 1),
      key: 1,
      why: 'time',
    }),
  );
  await line.stop();
  await line.start();
  const all = checkHeads();
  expect(all.some(({ why, size: covers }) => why === 'time' && covers === at + 1)).toBe(true);
});

test('a head follows by itself after a thousand entries', async () => {
  const { station } = line;
  const signed = new Promise((resolve) => station.sealing.onSigned(resolve));
  await station.records.commits.commit(() => {
    for (let i = 0; i < 1_000; i++) station.audit.append({ action: 'sync.asked', result: 'ok' });
  });
  expect(await signed).toMatchObject({ why: 'entries' });
});
