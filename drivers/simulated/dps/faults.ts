import { errorBody } from './errors.ts';
import type { Instance } from './instance.ts';
import { type Answer, refused } from './route.ts';
import type { Malformation, Switches } from './switches.ts';

/** The answer of a switch instead of an API's, and without acting; undefined when no switch has one. */
export function failing(instance: Instance): Answer | undefined {
  const { failNext, storm } = instance.switches;
  if (failNext.count > 0) {
    instance.switches.failNext = { ...failNext, count: failNext.count - 1 };
    return failure(instance, failNext);
  }
  if (storm.share === 0) return undefined;
  const chance = instance.chance.next(storm);
  if (chance >= storm.share) return undefined;
  // What is left of the chance chooses the status, so that one number decides a request.
  const status = storm.statuses[Math.floor((chance / storm.share) * storm.statuses.length)] ?? 503;
  return failure(instance, { ...storm, status });
}

/** As `failing`, for the token endpoint. */
export function failingToken(instance: Instance): Answer | undefined {
  const { failTokens } = instance.switches;
  if (failTokens.count <= 0) return undefined;
  instance.switches.failTokens = { ...failTokens, count: failTokens.count - 1 };
  return failure(instance, failTokens);
}

type Failure = { status: number; retryAfterSeconds?: number | undefined; body?: string | undefined };

/** An answer with this status and, unless it brings its own, an error body of the service. */
function failure(instance: Instance, { status, retryAfterSeconds, body }: Failure): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  if (body !== undefined) return { status, headers, body: Buffer.from(body) };
  return refused(status, headers, errorBody(status * 1000, 'A switch of the emulator says so', instance.writeTime()));
}

/** A random sequence from a seed (Marsaglia's xorshift, 32 bits). It begins anew whenever the switch is set. */
export class Chance {
  #of: Switches['storm'] | undefined;
  #state = 0;

  /** From 0 up to 1. */
  next(storm: Switches['storm']): number {
    if (storm !== this.#of) {
      this.#of = storm;
      // Spread, since neighbouring seeds would begin alike, and never 0, from which the sequence cannot leave.
      this.#state = Math.imul(storm.seed + 1, 0x9e3779b1) | 1;
    }
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 2 ** 32;
  }
}

/** Spoils an answer, if a switch says so. It was acted on. */
export function spoiled(instance: Instance, answer: Answer): Answer {
  const { malformNext } = instance.switches;
  if (malformNext.count <= 0) return answer;
  instance.switches.malformNext = { ...malformNext, count: malformNext.count - 1 };
  return malformed[malformNext.how](answer, instance);
}

const malformed: Record<Malformation, (answer: Answer, instance: Instance) => Answer> = {
  // As a proxy on the way says it.
  html: ({ status }) => ({
    status: status === 204 ? 200 : status,
    headers: { 'Content-Type': 'text/html' },
    body: Buffer.from('<!DOCTYPE html><html><head><title>Proxy</title></head><body>Please sign in</body></html>'),
  }),
  empty: ({ status, headers }) => ({ status, headers: { ...headers }, body: Buffer.alloc(0) }),
  truncatedJson: (answer) => {
    const bytes = bytesOf(answer);
    return { ...answer, body: bytes.subarray(0, Math.floor(bytes.length / 2)) };
  },
  // Announces more than it sends, and closes the connection.
  cutOff: (answer) => {
    const bytes = bytesOf(answer);
    const headers = { ...answer.headers, Connection: 'close', 'Content-Length': String(bytes.length) };
    return { ...answer, headers, body: bytes.subarray(0, Math.floor(bytes.length / 2)) };
  },
  errorIn200: (_answer, instance) => ({
    status: 200,
    body: errorBody(500001, 'Internal server error', instance.writeTime()),
  }),
  wrongTypes: (answer) => ({ ...answer, body: retyped(answer.body ?? {}) }),
};

function bytesOf({ body }: Answer): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? {}));
}

/** The same members with values of other types. */
function retyped(value: unknown): unknown {
  if (Array.isArray(value)) return { items: value.map(retyped) };
  switch (typeof value) {
    case 'string':
      return value.length;
    case 'object':
      if (value === null) return 'null';
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, retyped(member)]));
    default:
      return String(value);
  }
}
