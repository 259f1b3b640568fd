import * as z from 'zod/mini';
import type { Method, Params, Result } from './api.ts';
import { type ErrorData, isErrorCode, StationError } from './errors.ts';
import type { Progress, StationEvent } from './events.ts';

// One protocol between the station and whoever uses it: a window, a browser page, a command. Messages are plain JSON.

/** A two-way channel of whole messages: a child process, a message port or a WebSocket. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/** A call on its way in. `session` says who asks; `approval` that a second person agreed to exactly this. */
export const requestSchema = z.strictObject({
  id: z.int().check(z.gte(1)),
  call: z.string().check(z.maxLength(64)),
  params: z.unknown(),
  session: z.exactOptional(z.string().check(z.maxLength(64))),
  approval: z.exactOptional(z.string().check(z.maxLength(64))),
});
export type Request = z.output<typeof requestSchema>;

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorData };

export type Outgoing = Answer | { readonly event: StationEvent } | { readonly progress: Progress };

/** Answers every request of a port, once: `answer` gives a result or throws a StationError. */
export function serve(
  port: Port,
  answer: (request: Request) => Promise<unknown>,
  failed: (thrown: unknown) => StationError,
): void {
  const one = async (message: unknown): Promise<void> => {
    const request = isShallow(message) ? z.safeParse(requestSchema, message) : undefined;
    if (!request?.success) return port.send(refusal(message));
    const { id } = request.data;
    try {
      port.send({ id, result: (await answer(request.data)) ?? null } satisfies Answer);
    } catch (thrown) {
      port.send({ id, error: failed(thrown).toData() } satisfies Answer);
    }
  };
  // `one` ends in a send on every path; a send on a port that has closed meanwhile is dropped by the port itself.
  port.onMessage((message) => void one(message));
}

/** The deepest parameters, an order's recipe with its twin, have about 20 levels. */
const deepest = 64;
/** An order of 100,000 units has three objects for each. */
const mostObjects = 4_000_000;

/**
 * Whether a value can be walked by recursion, as schemas and hashes do. One that contains itself, which a pipe can carry and JSON
 * cannot, has no end.
 */
function isShallow(message: unknown): boolean {
  let level = objectsIn([message]);
  let objects = 0;
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    objects += level.length;
    if (objects > mostObjects) return false;
    level = level.flatMap((one) => objectsIn(Object.values(one)));
  }
  return level.length === 0;
}

const objectsIn = (values: readonly unknown[]): object[] =>
  values.filter((one): one is object => typeof one === 'object' && one !== null);

/** What is no request still gets an answer; it carries the id 0 when it had none. */
function refusal(message: unknown): Answer {
  const parsed = z.safeParse(z.object({ id: z.int() }), message);
  const id = parsed.success ? parsed.data.id : 0;
  const details = { place: 'request', expected: 'id, call, params, session?, approval?', found: 'something else' };
  return { id, error: { code: 'input.invalid', details } };
}

const answerSchema = z.union([
  z.object({ id: z.int(), result: z.unknown() }),
  z.object({
    id: z.int(),
    error: z.object({
      code: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  }),
]);

type Pending = {
  resolve: (result: unknown) => void;
  reject: (error: StationError) => void;
  deadline: Parameters<typeof clearTimeout>[0];
};

/** The asking end. A closed port rejects what is pending; every call has a deadline in milliseconds. */
export class Client {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #events = new Set<(event: StationEvent) => void>();
  readonly #progress = new Set<(progress: Progress) => void>();
  #last = 0;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => this.#close());
  }

  /** Makes a call. Throws the station's StationError, `rpc.closed` or `rpc.deadline`. */
  call<M extends Method>(
    method: M,
    params: Params<M>,
    as: { session?: string; approval?: string; deadlineMs?: number } = {},
  ): Promise<Result<M>> {
    const { deadlineMs = 30_000, ...who } = as;
    return new Promise<unknown>((resolve, reject) => {
      if (this.#closed) return reject(new StationError('rpc.closed'));
      const id = ++this.#last;
      const deadline = setTimeout(() => {
        this.#pending.delete(id);
        reject(new StationError('rpc.deadline', { ms: deadlineMs }));
      }, deadlineMs);
      this.#pending.set(id, { resolve, reject, deadline });
      this.#port.send({ id, call: method, params, ...who } satisfies Request);
    }) as Promise<Result<M>>;
  }

  onEvent(listener: (event: StationEvent) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    this.#progress.add(listener);
    return () => this.#progress.delete(listener);
  }

  #receive(message: unknown): void {
    // The station is trusted to send what the contract says; only the answers' envelope is looked at.
    const outgoing = message as Outgoing;
    if ('event' in outgoing) for (const listener of this.#events) listener(outgoing.event);
    else if ('progress' in outgoing) for (const listener of this.#progress) listener(outgoing.progress);
    else this.#settle(message);
  }

  #settle(message: unknown): void {
    const answer = z.safeParse(answerSchema, message);
    if (!answer.success) return;
    const pending = this.#pending.get(answer.data.id);
    if (!pending) return;
    this.#pending.delete(answer.data.id);
    clearTimeout(pending.deadline);
    if ('error' in answer.data) pending.reject(revive(answer.data.error));
    else pending.resolve(answer.data.result);
  }

  #close(): void {
    this.#closed = true;
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.deadline);
      pending.reject(new StationError('rpc.closed'));
    }
    this.#pending.clear();
  }
}

function revive(error: { code: string; details: Record<string, string | number | boolean> }): StationError {
  if (isErrorCode(error.code)) return new StationError(error.code, error.details);
  return new StationError('internal', { incident: error.code });
}
