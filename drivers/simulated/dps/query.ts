import { kinds, shown } from './enrollments.ts';
import { type Kind, keyOf } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { type Answer, type Call, jsonBody } from './route.ts';
import { checkedId, parsed, QuerySchema } from './schemas.ts';

type Page<T> = { itemType: string; asked: string; keyOfItem: (item: T) => string; show: (item: T) => object };

/** Individual enrollments or groups, page by page. Everything but `SELECT *` is refused: the rest is not documented. */
export function queryEntries(instance: Instance, kind: Kind, call: Call): Answer {
  const { query } = parsed(QuerySchema, jsonBody(call));
  return page(instance, call, (after, count) => instance.store.entriesAfter(kind, after, count), {
    itemType: kinds[kind].itemType,
    asked: `${kind} ${query}`,
    keyOfItem: (entry) => keyOf(entry.id),
    show: shown,
  });
}

/** The registration records of one group; they are still there when the group is not. A body is ignored. */
export function queryRegistrations(instance: Instance, groupId = '', call: Call): Answer {
  const id = checkedId(groupId, 'enrollmentGroupId');
  return page(instance, call, (after, count) => instance.store.registrationsAfter(id, after, count), {
    itemType: 'DeviceRegistration',
    asked: `registrations ${keyOf(id)}`,
    keyOfItem: (registration) => keyOf(registration.state.registrationId),
    show: (registration) => registration.state,
  });
}

function page<T>(
  instance: Instance,
  call: Call,
  read: (after: string, count: number) => T[],
  { itemType, asked, keyOfItem, show }: Page<T>,
): Answer {
  const size = pageSize(instance, call);
  // One more than the page tells whether another page follows.
  const items = read(afterOf(call, asked), size + 1);
  const last = items.length > size ? items[size - 1] : undefined;
  return {
    status: 200,
    body: items.slice(0, size).map(show),
    headers: {
      'x-ms-item-type': itemType,
      'X-Content-Type-Options': 'nosniff',
      ...(last && { 'x-ms-continuation': continuation(asked, keyOfItem(last)) }),
    },
  };
}

/** The service may give less than was asked for. */
function pageSize(instance: Instance, call: Call): number {
  const wanted = call.header('x-ms-max-item-count');
  if (wanted === undefined) return instance.switches.pageSize;
  if (!/^[1-9]\d{0,8}$/.test(wanted)) throw new DpsError('argumentInvalid', 'x-ms-max-item-count: expected a number');
  return Math.min(Number(wanted), instance.switches.pageSize);
}

/** Continuation tokens are opaque; they hold for the query that gave them. */
function continuation(asked: string, after: string): string {
  return Buffer.from(JSON.stringify([{ token: after, range: asked }])).toString('base64');
}

function afterOf(call: Call, asked: string): string {
  const token = call.header('x-ms-continuation');
  if (token === undefined) return '';
  const text = Buffer.from(token, 'base64').toString('utf8');
  const after = /^\[\{"token":"([a-z0-9._:-]{1,128})","range":/.exec(text)?.[1];
  if (after === undefined || continuation(asked, after) !== token) {
    throw new DpsError('argumentInvalid', 'x-ms-continuation: expected the token of the same query');
  }
  return after;
}
