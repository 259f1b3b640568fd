// The process of the PKCS#11 module: a vendor's library may block or crash, and must not take the station with it. It is
// forked by pkcs11-host.ts, speaks pkcs11-calls.ts with it, and ends when that ends.
import { asStationError, StationError } from '../../station-core/contract/errors.ts';
import { ckrError, ckrOf, isDevice } from './ckr.ts';
import type { CallName, Calls, Failure, Reply, Request } from './pkcs11-calls.ts';
import { LoginLost } from './pkcs11-token.ts';
import { InDoubt, Verbs } from './pkcs11-verbs.ts';

const verbs: { [C in CallName]: (input: Calls[C]['in'], again: boolean) => Promise<Calls[C]['out']> } = new Verbs();

process.on('message', (requests: Request[]) => {
  for (const request of requests) void answer(request);
});

// Ctrl-C at a terminal goes to every process of the group: the station ends this one when it has done with it.
process.on('SIGINT', () => undefined);

// Without its station the process has nobody to work for. It may hang in the module, so it does not ask it to let go.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let outgoing: Reply[] = [];
let closing = false;

/** What is answered in one turn of the event loop travels in one message. */
async function answer(request: Request): Promise<void> {
  const reply = await perform(request);
  if (outgoing.length === 0) setImmediate(send);
  outgoing.push(reply);
  closing ||= request.call === 'close';
}

function send(): void {
  const replies = outgoing;
  outgoing = [];
  process.send?.(replies, undefined, undefined, (error) => {
    if (error) process.exit(1); // the station sees the process end
    for (const reply of replies) if (reply.ok && reply.value instanceof Uint8Array) reply.value.fill(0);
    if (closing) process.exit();
  });
}

async function perform({ id, call, input, again }: Request): Promise<Reply> {
  try {
    const verb = verbs[call] as (input: unknown, again: boolean) => Promise<unknown>;
    return { id, ok: true, value: await verb.call(verbs, input, again) };
  } catch (thrown) {
    return { id, ok: false, ...failure(thrown, call) };
  }
}

function failure(thrown: unknown, call: CallName): Failure {
  if (thrown instanceof InDoubt) return { ...failure(thrown.cause, call), doubt: true };
  if (thrown instanceof LoginLost) return { error: { code: 'hsm.locked', details: {} }, lost: 'login' };
  if (thrown instanceof StationError) return lostIfDown(thrown);
  const code = ckrOf(thrown);
  if (code !== undefined) return { error: ckrError(code, call), ...(isDevice(code) && { lost: 'device' }) };
  // The text of an unforeseen error may quote a secret; its class may not.
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return { error: asStationError(thrown, () => `HSM ${call}: ${kind}`).toData() };
}

function lostIfDown(error: StationError): Failure {
  return { error: error.toData(), ...(error.code === 'hsm.down' && { lost: 'device' }) };
}
