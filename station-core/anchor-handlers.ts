import { codeOf, readCode } from './anchors/code.ts';
import { readHead } from './anchors/compare.ts';
import type { Head } from './audit/heads.ts';
import { beginOrigin } from './audit-keys.ts';
import { keyHash } from './ca/issuer.ts';
import { sendAnchorAgain } from './cloud-anchor.ts';
import type { Method, Params } from './contract/api.ts';
import type { AuditView, CheckpointView, Compared } from './contract/audit-anchors.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';

type AnchorMethod = Extract<Method, 'audit.checkpoint' | 'audit.compare' | 'audit.anchors' | 'audit.reconcile'>;

/** The calls about heads outside of the database. */
export function anchorHandlers(station: Station): Pick<Handlers, AnchorMethod> {
  const { sealing, anchoring } = station;
  return {
    'audit.checkpoint': async ({ shiftEnd = false }) => {
      station.stop.refuse();
      return shown(station, await sealing.sign(shiftEnd ? 'shift' : 'asked'));
    },
    'audit.compare': (params, by) => compare(station, params, by),
    'audit.anchors': async () => ({ ...auditView(station), anchors: anchoring.view() }),
    'audit.reconcile': (params, by) => reconcile(station, params, by),
  };
}

export function auditView({ stop, heads, sealing }: Station): AuditView {
  const stopped = stop.error();
  const newest = heads.newest();
  return {
    ...(stopped ? { stopped } : {}),
    ...(newest ? { head: { size: newest.size, root: newest.root.toString('base64') } } : {}),
    unsealed: sealing.unsealed(),
  };
}

/** A head as people write it down. Throws `audit.unsigned` when there is none. */
function shown({ anchoring, heads }: Station, head: Head | undefined): CheckpointView {
  const key = head && heads.keys().find(({ n }) => n === head.key);
  if (!head || !key) throw new StationError('audit.unsigned');
  const { size, root, note } = head;
  return {
    origin: key.origin,
    size,
    root: root.toString('base64'),
    code: codeOf(anchoring.label, head),
    key: keyHash(Buffer.from(key.publicKey, 'base64')).toString('hex'),
    note,
    anchors: anchoring.view(),
  };
}

/** Whoever shows a head that is this log's is written down, too: that it was compared says how far back nothing changed. */
async function compare(station: Station, params: Params<'audit.compare'>, by: By): Promise<Compared> {
  const { anchoring, records, audit, operators } = station;
  const { seen, what } = 'code' in params ? ofCode(station, params.code) : ofNote(station, params.note);
  const verdict = await anchoring.requireSame(seen, what);
  const { size } = seen;
  const details = { what, size, verdict };
  await records.commits.commit(() =>
    audit.append({ action: 'audit.compared', result: 'ok', ...people(operators, by), details }),
  );
  return { verdict, size, entries: audit.head().entries };
}

const ofCode = ({ anchoring }: Station, code: string) => ({
  seen: readCode(anchoring.label, code),
  what: 'the code in the shift book',
});

/** A file that anybody may have written stops nothing: it must bear a signature of this log, or at least its name. */
function ofNote({ anchoring }: Station, note: string) {
  const { keys } = anchoring.own();
  const { head } = readHead(note, keys);
  if (keys.some(({ origin }) => origin === head.origin)) return { seen: head, what: 'the checkpoint that was shown' };
  const expected = `one of this station (${keys.at(-1)?.origin ?? 'which has none yet'})`;
  throw new StationError('input.invalid', { place: 'the checkpoint', expected, found: `one of ${head.origin}` });
}

/**
 * Two people, bound to the very head that the log is stopped for, let it go on. What is left behind is durable before the new origin
 * begins; every anchor gets the new head. Done again after a crash in between it goes on.
 */
async function reconcile(station: Station, { size, root }: Params<'audit.reconcile'>, by: By): Promise<CheckpointView> {
  const { stop, heads, records, audit, operators, anchoring, lanes } = station;
  const error = stop.error();
  const isIt = error?.details.size === size && error.details.root === root;
  if (!error || error.code === 'audit.damaged' || !isIt) throw new StationError('audit.not-stopped', { size });
  // A code knows no origin; and a database of before the last one was begun knows that one not.
  const origin = String(error.details.origin ?? heads.newestKey()?.origin ?? station.row.origin);
  const details = { size, root, anchor: String(error.details.anchor), origin };
  await records.commits.commit(() => {
    leave(station, origin, size);
    audit.append({ action: 'audit.reconciled', result: 'ok', ...people(operators, by), details });
  });
  await beginOrigin(station, 'reconciled', quoted(station, origin, size, root), by);
  lanes.changed();
  anchoring.keepNewest();
  await anchoring.idle();
  await sendAnchorAgain(station);
  return shown(station, heads.newest());
}

/** Inside a commit. */
function leave({ records }: Station, origin: string, size: number): void {
  records.db
    .prepare(
      `INSERT INTO audit_left (origin, size) VALUES (?, ?)
       ON CONFLICT (origin) DO UPDATE SET size = max(size, excluded.size)`,
    )
    .run(origin, size);
}

/** The head that is left behind; of one that a code told, only what is known whole: the newest of this log. */
function quoted({ heads }: Station, origin: string, size: number, root: string) {
  if (Buffer.from(root, 'base64').length === 32) return { origin, size, root };
  const newest = heads.newest();
  return newest && { origin, size: newest.size, root: newest.root.toString('base64') };
}
