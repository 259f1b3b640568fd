// Promise B for keys that are delivered encrypted: power cut to the unit after any byte leaves the old key, the new one or none,
// never half, and the next try passes with the same operation id, under other keys on the wire.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CredentialObject, Delivered, SealTo } from '../../drivers/protocols/protocol.ts';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { openUnitsTpm, type TpmGiven } from '../../drivers/simulated/unit/units-tpm.ts';
import { FaultyUnit, loopFacts } from '../suites/loop.ts';
import { hurried } from '../suites/patience.ts';
import { everyCut, inForce, several, some } from '../suites/power-cuts.ts';
import { proves, symmetricKey } from '../suites/protocol.suite.ts';
import { long, testSeed } from '../suites/seed.ts';
import { newUnitsTpm, sealTo, tpmGiven } from '../suites/units-tpm.ts';

const atOnce = 8;
/** Of some 4,500 cuts each. */
const sample = long ? Number.POSITIVE_INFINITY : 80;
const timeout = long ? 1_800_000 : 60_000;
const never = new AbortController().signal;
const random = seeded(testSeed('power of deliveries'));
/** Units in this process answer at once, but for what their TPM takes a while for. */
const protocol = hurried((ms) => Math.max(8, ms / 40));
const registrationId = 'sn-000001';
const info = { idScope: '0ne00000001', endpoint: 'e.example', registrationId } as const;
type Named = CredentialObject & { readonly operation: Buffer };

const folder = mkdtempSync(join(tmpdir(), 'birthmark-power-'));
const whole = join(folder, 'whole.tpm');
let given: TpmGiven;
let keys: SealTo;
beforeAll(async () => {
  given = await tpmGiven();
  keys = await sealTo(await newUnitsTpm(whole));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ways: Readonly<Record<'channel' | 'sealed', () => Delivered>> = {
  channel: () => ({ delivery: 'channel', registrationId }),
  sealed: () => ({ delivery: 'sealed', registrationId, sealTo: keys }),
};

/** A unit with a credential of an earlier life, and a TPM with the same keys as all others; its faults begin afterwards. */
async function unitHolding(name: string, credential: Named, plan: FaultPlanJson): Promise<FaultyUnit> {
  const file = join(folder, `${name}.tpm`);
  copyFileSync(whole, file);
  const unit = new FaultyUnit(loopFacts, {}, undefined, { tpm: openUnitsTpm(given, file) });
  const session = await protocol.open(unit.link(), never);
  await session.provision(info, never);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
  unit.faults(plan);
  return unit;
}

/** A whole replacement, as a station would do it again from the start after each break. */
async function replace(unit: FaultyUnit, credential: Named): Promise<void> {
  const session = await protocol.open(unit.link(), never);
  await session.provision(info, never);
  await session.stage(credential, never);
  await session.commit(credential.operation, never);
  expect(await proves(session, credential)).toBe(true);
  await session.lock(credential.operation, never);
}

test.each(['channel', 'sealed'] as const)(
  'a unit whose power is cut while a key comes by %s holds the old or the new one, and then the new one alone',
  async (way) => {
    const old = symmetricKey();
    const { operation, kind, bytes } = symmetricKey();
    const next: Named = { operation, kind, bytes, ...ways[way](), replaces: old.operation };
    const counted = await unitHolding(`${way}-counted`, old, {});
    await replace(counted, next);
    const all = everyCut(counted.counts);
    const cuts = some(all, sample, random);
    process.stdout.write(`power, ${way}: ${JSON.stringify(counted.counts)}, ${cuts.length} of ${all.length} cuts\n`);
    const seen = new Set<string | undefined>();
    await several(cuts, atOnce, async (power) => {
      const unit = await unitHolding(`${way}-${power.of}-${power.cutAfter}-${power.restart}`, old, { power });
      const broke = await replace(unit, next).then(
        () => false,
        () => true,
      );
      const held = inForce(unit.flash, false);
      const expected = [old, next].find((one) => one.operation.toString('hex') === held?.operation);
      expect(held?.key, JSON.stringify(power)).toBe(expected?.bytes.toString('base64') ?? 'one of the two');
      seen.add(held?.operation);
      if (broke) await replace(unit, next);
      expect(inForce(unit.flash), JSON.stringify(power)).toMatchObject({ key: bytes.toString('base64'), locked: true });
      expect(unit.flash.bytes.includes(old.bytes)).toBe(false);
    });
    expect(seen.size).toBe(2);
  },
  timeout,
);
