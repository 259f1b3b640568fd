import { STATUS_CODES } from 'node:http';
import { type Blame, type ErrorCode, errors, type StationError, sentence } from '../contract/errors.ts';

// What a factory system is told when it does not get what it asked for (RFC 9457): a status, a code, a sentence, and the place of
// the mistake. Never a stack, a path of this machine or what was sent.

/** Refusals of the interface itself, which programs read and people do not: they are in no table of the screens. */
export const refusals = {
  'http.malformed': [400, 'The request is not one that can be read: {what}.'],
  'http.no-key': [401, 'A key is needed: Authorization: Bearer KEY.'],
  'http.wrong-key': [401, 'The key is none that is in force here.'],
  'http.scope': [403, 'The key does not give the right to {scope}.'],
  'http.unknown-path': [404, 'There is nothing at this path; /openapi.json says what there is.'],
  'http.unknown-result': [404, 'There is no such result.'],
  'http.method': [405, 'This path takes {allow}.'],
  'http.late': [408, 'The request did not come in time.'],
  'http.since-unknown': [
    409,
    'The station has no result after {newest}: it is not the one that was asked before, or an earlier copy of it.',
  ],
  'http.order-differs': [409, 'There is an order of this name already, and it was made otherwise.'],
  'http.too-large': [413, 'The request is larger than {most} bytes.'],
  'http.media-type': [415, 'The body must be {expected}.'],
  'http.order-refused': [422, 'The order has {problems} problems; nothing was made.'],
  'http.headers': [431, 'The header fields are larger than is read.'],
  'http.throttled': [429, 'Too many wrong keys came from there. Wait.'],
  'http.busy': [503, 'The station answers as many requests as it takes at a time. Ask again.'],
} as const satisfies Record<string, readonly [number, string]>;
export type RefusalCode = keyof typeof refusals;

export type Members = Readonly<Record<string, unknown>>;

/** A request that is refused; `members` fill the sentence and go along. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly members: Members;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, members: Members = {}, headers: Readonly<Record<string, string>> = {}) {
    super(code);
    this.code = code;
    this.members = members;
    this.headers = headers;
  }
}

export type Problem = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** application/problem+json. */
  readonly body: string;
};

export function problemOf(thrown: Refusal | StationError): Problem {
  if (thrown instanceof Refusal) {
    const [status, says] = refusals[thrown.code];
    const detail = says.replace(/\{(\w+)\}/g, (_, word: string) => String(thrown.members[word] ?? '?'));
    return problem(status, thrown.code, detail, thrown.members, thrown.headers);
  }
  const { code, details } = thrown;
  const status = statusOf(code);
  const later = status === 503 ? { 'retry-after': '5' } : {};
  return problem(status, code, sentence({ code, details }), details, later);
}

/** `about:blank` says that the problem means no more than its status does; `code` says the rest (RFC 9457 section 4.2.1). */
function problem(status: number, code: string, detail: string, members: Members, headers: Problem['headers']): Problem {
  const body = { ...members, type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
  return { status, headers, body: JSON.stringify(body) };
}

const unknown: ReadonlySet<ErrorCode> = new Set(['order.unknown', 'unit.unknown', 'run.unknown']);

/** Whom the table blames says whether the request is at fault, or whoever should answer it. */
const byBlame: Readonly<Record<Blame, number>> = { operator: 422, unit: 422, station: 503, cloud: 503, bug: 500 };

const statusOf = (code: ErrorCode): number => (unknown.has(code) ? 404 : byBlame[errors[code].blame]);
