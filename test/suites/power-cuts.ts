import { expect } from 'vitest';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import type { Flash } from '../../drivers/simulated/unit/flash.ts';
import { Memory } from '../../drivers/simulated/unit/memory.ts';
import type { PowerCounts } from '../../drivers/simulated/unit/power.ts';
import { type Random, whole } from '../../drivers/simulated/unit/random.ts';
import type { Held } from '../../drivers/simulated/unit/record.ts';

export type PowerCutAt = NonNullable<FaultPlanJson['power']>;

/** Every point at which the power can go while that much is received, sent and written, with both ways to come back. */
export function everyCut(counts: PowerCounts): PowerCutAt[] {
  return (['received', 'sent', 'written'] as const).flatMap((of) =>
    Array.from({ length: counts[of] }, (_, index) => index + 1).flatMap((cutAfter) =>
      (['at-once', 'next-link'] as const).map((restart) => ({ of, cutAfter, restart })),
    ),
  );
}

/** So many of them, drawn without putting back; all of them when there are no more. */
export function some<T>(all: readonly T[], most: number, random: Random): T[] {
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < most && left.length > 0) drawn.push(...left.splice(whole(random, left.length), 1));
  return drawn;
}

export type HeldCredential = {
  readonly operation: string;
  readonly key: string;
  readonly chain?: string;
  readonly locked: boolean;
};

/**
 * What a unit's memory says is in force, in hex, base64 and PEM. Expects that whatever its record names is there in whole,
 * that no private key is in force without its chain, and that an erased slot is all that is beside it.
 */
export function inForce(flash: Flash, settled = true): HeldCredential | undefined {
  const memory = new Memory(flash);
  const { committed, staged, locked } = memory.load();
  const read = (held: Held) => {
    const [key, chain] = [memory.readSlot(held), memory.readChain(held)];
    expect(key, 'a slot holds the key that its record says').toBeDefined();
    expect(chain !== undefined, 'a slot holds the chain that its record says').toBe(held.chain !== undefined);
    return { key: key?.toString('base64') ?? '', ...(chain && { chain: chain.toString('latin1') }) };
  };
  if (staged) read(staged);
  if (committed && committed.kind !== 'symmetric-key') expect(committed.chain).toBeDefined();
  if (settled) {
    for (const slot of [0, 1] as const) {
      if (committed?.slot === slot || staged?.slot === slot) continue;
      expect(memory.isErased(slot), 'a slot that no record names is erased').toBe(true);
    }
  }
  return committed && { operation: committed.operation.toString('hex'), ...read(committed), locked };
}

/** Does all of it, so many at a time, and ends when all have ended: a lane that goes on would disturb the next test. */
export async function several<T>(all: readonly T[], atOnce: number, act: (one: T, lane: number) => Promise<void>) {
  const left = [...all].values();
  const lane = async (_: unknown, index: number) => {
    for (const one of left) await act(one, index + 1);
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
