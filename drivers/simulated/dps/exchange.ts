import { setTimeout as sleep } from 'node:timers/promises';
import { DpsError, errorBody, reportFault } from './errors.ts';
import { failing, spoiled } from './faults.ts';
import type { Instance } from './instance.ts';
import { type Answer, refused, type Transport } from './route.ts';

export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly transport: Transport;
  readonly act: () => Answer;
  /** The answer of a switch that stands instead of the act. */
  readonly failing?: () => Answer | undefined;
  /** Whether the caller has gone away. */
  readonly gone: () => boolean;
};

/**
 * One request, whatever it came over: waits, fails, acts, loses and logs as the switches say. `dropped` says that the
 * connection is to be closed without an answer. Rejects when the emulator closes meanwhile.
 */
export async function carryOut(instance: Instance, exchange: Exchange): Promise<Answer | 'dropped'> {
  const { method, path, transport, act, gone } = exchange;
  const { switches } = instance;
  const write = (status: number | 'dropped') =>
    instance.log.add({ at: new Date(instance.now()).toISOString(), method, path, status, transport });
  if (switches.latencyMs > 0) await sleep(switches.latencyMs, undefined, { signal: instance.background.closing });
  if (switches.offline || gone()) {
    write('dropped');
    return 'dropped';
  }
  const instead = exchange.failing ?? (() => failing(instance));
  const given = spoiled(instance, instead() ?? answered(instance, act));
  if (switches.loseReplies > 0) {
    switches.loseReplies -= 1;
    write('dropped');
    return 'dropped';
  }
  write(given.status);
  return given;
}

/** Acts, and makes an answer of a refusal. */
export function answered(instance: Instance, act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    const refusal = error instanceof DpsError ? error : new DpsError('internal', undefined, {}, error);
    if (refusal !== error) reportFault(error);
    return refused(refusal.status, refusal.headers, errorBody(refusal.code, refusal.message, instance.writeTime()));
  }
}
