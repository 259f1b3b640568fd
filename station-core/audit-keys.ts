import { randomBytes } from 'node:crypto';
import type { Hsm, PublicKeyRef } from '../drivers/hsm/hsm.ts';
import type { HeadReason, KeyRow } from './audit/heads.ts';
import type { Entry } from './audit/log.ts';
import type { HeadSigner } from './audit/sealing.ts';
import { signRecord, signText } from './ca/sign.ts';
import type { AuditAction } from './contract/audit-actions.ts';
import { StationError } from './contract/errors.ts';
import { type By, people } from './person.ts';
import { keyOf } from './run/issuing.ts';
import type { Station } from './station.ts';

// The keys of the audit log: a P-256 key, and an Ed25519 key beside it where the HSM makes such. They live in the audit HSM,
// which is the station's own unless the configuration names a token with a PIN of its own. Entries name every key
// (docs/audit.md), so that a verifier who knows one knows what came after it.

/** The last head that is known under an origin that ended. */
export type Quoted = { readonly origin: string; readonly size: number; readonly root: string };

type Pair = Pick<KeyRow, 'label' | 'id' | 'publicKey' | 'edLabel' | 'edId' | 'edPublicKey'>;

/**
 * A name for a log; the random part keeps two stations of one name apart. It is the name of the key in notes, too, which has
 * neither spaces nor plus signs (C2SP signed-note).
 */
export const newOrigin = (station: string): string =>
  `birthmark/${encodeURIComponent(station)}/${randomBytes(4).toString('hex')}`;

/** A station that an older version founded may have an origin that no note can carry. */
const noteName = (origin: string): string => origin.replaceAll(/[\s+]/gu, encodeURIComponent);

/** The HSM that has the log's keys. */
export const auditHsm = ({ auditHsm, hsm }: Pick<Station['parts'], 'auditHsm' | 'hsm'>): Hsm => auditHsm ?? hsm;

/** How heads are signed: by the audit HSM, whose answers are checked. */
export const headSigner =
  ({ parts }: Pick<Station, 'parts'>): HeadSigner =>
  async (key, text) => {
    const hsm = auditHsm(parts);
    const ecdsa = await signRecord(hsm, key, text);
    const { edLabel, edId, edPublicKey } = key;
    if (edLabel === null || edId === null || edPublicKey === null) return { ecdsa, ed25519: undefined };
    return { ecdsa, ed25519: await signText(hsm, { label: edLabel, id: edId, publicKey: edPublicKey }, text) };
  };

/** The log's P-256 key. Throws `hsm.locked` or `hsm.down` where it has still to be made and the HSM is not ready. */
export async function auditKey(station: Station): Promise<PublicKeyRef> {
  const { label, id, publicKey } = station.heads.newestKey() ?? (await nameKey(station));
  return { label, id, publicKey };
}

/** Makes the log's first key, or names one that was made before entries named keys. Safe to call at every start. */
export async function nameKey(station: Station): Promise<KeyRow> {
  const { heads, audit, records, row, parts } = station;
  const known = heads.newestKey();
  if (known && known.since !== null) return known;
  const pair = known ?? (await makePair(station));
  const { serial } = (await auditHsm(parts).status()).token;
  return records.commits.commit(() => {
    const since = audit.head().entries;
    const made: KeyRow = { ...pair, n: 1, origin: noteName(row.origin), since };
    if (known) heads.named(known.n, since);
    else heads.addKey(made);
    audit.append(entryOf(serial, 'audit.key-made', made, { origin: made.origin }));
    return made;
  });
}

/**
 * Another key for the same log: the key before signs the head that covers the entry which names it, and is destroyed then. Throws
 * `hsm.locked` or `hsm.down`, `audit.unsigned` when the old key could not sign.
 */
export async function rotateKey(station: Station, by: By): Promise<KeyRow> {
  station.stop.refuse();
  const old = station.heads.newestKey() ?? (await nameKey(station));
  // A key that no head covers is not in force yet, and cannot vouch for the next one.
  if ((old.since ?? 0) >= (station.heads.newest()?.size ?? 0)) await signed(station, 'rotation');
  const pair = await makePair(station);
  const key = await addKey(station, 'audit.key-rotated', { ...pair, origin: old.origin }, {}, by);
  await signed(station, 'rotation');
  await destroyPair(station, old);
  return key;
}

/**
 * The log goes on under another origin and another key: the key was lost, or the log is not the one that an anchor knows. The
 * entry quotes the last head that is known, so that nobody takes the two for one.
 */
export async function beginOrigin(
  station: Station,
  why: 'key-lost' | 'reconciled',
  quotes: Quoted | undefined,
  by: By,
): Promise<KeyRow> {
  const origin = newOrigin(station.row.station);
  const pair = await makePair(station);
  const about = { origin, why, ...(quotes ? { quotes } : {}) };
  const key = await addKey(station, 'audit.origin-begun', { ...pair, origin }, about, by);
  await signed(station, why === 'reconciled' ? 'reconciled' : 'rotation');
  return key;
}

/** The key's row, its entry, and nothing left of a head that the key before did not sign: one commit. */
async function addKey(
  station: Station,
  action: 'audit.key-rotated' | 'audit.origin-begun',
  pair: Pair & { readonly origin: string },
  about: Entry['details'],
  by: By,
): Promise<KeyRow> {
  const { heads, audit, records, operators, parts, stop } = station;
  const { serial } = (await auditHsm(parts).status()).token;
  return records.commits.commit(() => {
    const n = (heads.newestKey()?.n ?? 0) + 1;
    const made: KeyRow = { ...pair, n, since: audit.head().entries };
    if (action === 'audit.origin-begun') {
      heads.abandon();
      stop.clear();
    }
    heads.addKey(made);
    audit.append({ ...entryOf(serial, action, made, about), ...people(operators, by) });
    return made;
  });
}

async function signed({ sealing }: Station, why: HeadReason): Promise<void> {
  if (!(await sealing.sign(why))) throw new StationError('audit.unsigned');
}

/** Labels of their own each time: a start that died between making and noting a key must not block the next one. */
async function makePair({ parts }: Station): Promise<Pair> {
  const hsm = auditHsm(parts);
  const label = `birthmark-audit-${randomBytes(3).toString('hex')}`;
  const { id, publicKey } = await hsm.generateSigningKey(label, 'p256');
  const edLabel = label.replace('audit-', 'audit-ed25519-');
  try {
    const ed = await hsm.generateSigningKey(edLabel, 'ed25519');
    return { label, id, publicKey, edLabel, edId: ed.id, edPublicKey: ed.publicKey };
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'hsm.unsupported') throw thrown;
    return { label, id, publicKey, edLabel: null, edId: null, edPublicKey: null };
  }
}

/** A key that signs no more is no use to anybody but a thief. One that is gone already is no problem. */
async function destroyPair({ parts }: Station, { label, id, edLabel, edId }: KeyRow): Promise<void> {
  const hsm = auditHsm(parts);
  const halves = edLabel !== null && edId !== null ? [{ label: edLabel, id: edId }] : [];
  for (const key of [{ label, id }, ...halves]) {
    await hsm.destroyKey(key).catch((thrown: unknown) => {
      if (!(thrown instanceof StationError) || thrown.code !== 'hsm.key-missing') throw thrown;
    });
  }
}

/** Entries name keys by their public halves, as verifiers need them, and by what the HSM knows them by. */
function entryOf(serial: string, action: AuditAction, key: KeyRow, about: Entry['details']): Entry {
  const { publicKey: p256, edPublicKey: ed25519, edLabel, edId, n, id } = key;
  const second = ed25519 !== null && edLabel !== null && edId !== null ? { ed25519, edLabel, edId } : {};
  const details = { ...about, n, p256, id, ...second };
  return { action, result: 'ok', key: keyOf({ hsmSerial: serial }, { key }), details };
}
