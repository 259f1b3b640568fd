import { expect } from 'vitest';
import type { Run } from '../../station-core/contract/run.ts';
import type { TestStation } from './station.ts';

/** The key that DPS will expect of a unit of a group, base64: derived anew by the HSM. */
export async function derivedKey({ station }: TestStation, serial: string): Promise<string> {
  const [unit] = station.records.units.bySerial(serial);
  const attestation = unit?.recipe.attestation;
  if (attestation?.type !== 'symmetricKey' || attestation.scope !== 'group') {
    throw new Error(`${serial} is no unit of a symmetric group`);
  }
  const key = await station.parts.hsm.deriveDeviceKey(attestation.key, unit?.registrationId ?? '');
  return key.toString('base64');
}

/** The runs of one unit, one a scan. */
export type Tries = [Run, ...Run[]];

/** Scans a unit until it passes, at most `most` times; answers every run. */
export async function scanUntilPassed(test: TestStation, lane: number, serial: string, most: number): Promise<Tries> {
  const runs: Tries = [await test.scan(lane, serial)];
  while (runs.at(-1)?.outcome !== 'passed' && runs.length < most) runs.push(await test.scan(lane, serial));
  return runs;
}

export type Trail = ReadonlyMap<unknown, readonly Record<string, unknown>[]>;

/** The audit trail's entries by their run. */
export const trailOf = (test: TestStation): Trail => Map.groupBy(test.entries(), ({ run }) => run);

/**
 * Every run whose release acted has one release entry, before its end, and all of them name one operation. One that broke and left nothing in
 * the dark may have ended while the unit was asked once more who it is, before there was anything to enter.
 */
export function expectReleasesOnTrail(trail: Trail, runs: readonly Run[]): void {
  const operations = new Set<unknown>();
  for (const { id, steps, facts, outcome } of runs) {
    const of = trail.get(id) ?? [];
    const released = of.filter(({ action }) => action === 'credential.released');
    const release = steps.find(({ name }) => name === 'release')?.state ?? 'waiting';
    const acted = release === 'ended' || (release === 'broke' && outcome === 'indeterminate');
    if (release === 'broke' && !acted) expect(released.length).toBeLessThanOrEqual(1);
    else expect(released).toHaveLength(acted ? 1 : 0);
    expect(of.at(-1)?.action).toBe('run.closed');
    for (const { details } of released) operations.add((details as { operation: string }).operation);
    if (acted) operations.add(facts.operation);
  }
  expect(operations.size).toBeLessThanOrEqual(1);
}
