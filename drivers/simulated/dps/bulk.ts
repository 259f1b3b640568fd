import { erase, kinds, readEntry, write } from './enrollments.ts';
import { type Kind, keyOf } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { Answer } from './route.ts';
import { BulkDeletionSchema, BulkSchema, checkedId, parsed, withoutNulls } from './schemas.ts';

const MOST_ITEMS = 10;

type Item = Record<string, unknown>;
type ItemAction = (instance: Instance, kind: Kind, id: string, item: Item) => void;

/** One mode for a whole call (DPS REST 2021-10-01, Run bulk operation). The tag of an item is a member of its body. */
const modes: Record<'create' | 'update' | 'updateIfMatchETag' | 'delete', ItemAction> = {
  create(instance, kind, _id, item) {
    write(instance, kind, readEntry(kind, item), { ifMatch: undefined });
  },
  // Like PUT: without a tag an existing entry is a conflict (seen in recorded traffic).
  update(instance, kind, id, item) {
    const read = readEntry(kind, item);
    const exists = instance.store.entry(kind, id) !== undefined;
    if (!exists && instance.switches.bulkUpdateOfAbsent === 'fails') throw new DpsError(kinds[kind].absent);
    write(instance, kind, read, { ifMatch: exists ? read.input.etag : undefined });
  },
  updateIfMatchETag(instance, kind, id, item) {
    const read = readEntry(kind, item);
    if (!instance.store.entry(kind, id)) throw new DpsError(kinds[kind].absent);
    if (read.input.etag === undefined) throw new DpsError('precondition');
    write(instance, kind, read, { ifMatch: read.input.etag });
  },
  delete(instance, kind, id, item) {
    erase(instance, kind, id, { ifMatch: parsed(BulkDeletionSchema, item).etag });
  },
};

/**
 * Runs a bulk operation. It is not transactional: good items stay, bad ones are listed, and the answer is 200 either
 * way (seen in recorded traffic). What makes the call itself unusable is refused as a whole.
 */
export function run(instance: Instance, kind: Kind, body: unknown): Answer {
  const { mode, items } = readBulk(kind, body);
  const act = modes[mode === 'updateIfMatchEtag' ? 'updateIfMatchETag' : mode];
  const idName = kinds[kind].id;
  const identified = items.map((item) => ({ id: checkedId(item[idName], idName), item }));
  if (new Set(identified.map(({ id }) => keyOf(id))).size < items.length) throw new DpsError('definedTwice');
  const told = toldFailures(instance);
  const errors = instance.store.together(() =>
    identified.flatMap(({ id, item }, position) => {
      const instead = told.find((one) => one.position === position || keyOf(one.id ?? '') === keyOf(id));
      if (instead) return [{ [idName]: id, errorCode: instead.errorCode, errorStatus: instead.errorStatus }];
      const failure = attempt(() => act(instance, kind, id, item));
      return failure ? [{ [idName]: id, errorCode: failure.code, errorStatus: failure.message }] : [];
    }),
  );
  return { status: 200, body: { errors, isSuccessful: errors.length === 0 } };
}

/** The items that a switch says to fail in this call. */
function toldFailures(instance: Instance) {
  const { calls, items } = instance.switches.failItems;
  if (calls === 0) return [];
  instance.switches.failItems = { calls: calls - 1, items };
  return items;
}

/** How many items a bulk call carries, before anything else is known of it. */
export function itemsOf(body: unknown): number {
  if (typeof body !== 'object' || body === null) return 0;
  const lists = Object.values(body).filter((member) => Array.isArray(member));
  return lists[0]?.length ?? 0;
}

function readBulk(kind: Kind, body: unknown) {
  const { mode, [kind === 'individual' ? 'enrollments' : 'enrollmentGroups']: items } = parsedObject(body);
  const read = parsed(BulkSchema, { mode, items: withoutNulls(items) });
  if (read.items.length > MOST_ITEMS) throw new DpsError('tooManyEnrollments');
  return read;
}

function parsedObject(body: unknown): Item {
  if (typeof body !== 'object' || body === null) throw new DpsError('argumentInvalid', 'body: expected an object');
  return { ...body };
}

function attempt(act: () => void): DpsError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof DpsError) return error;
    throw error;
  }
}
