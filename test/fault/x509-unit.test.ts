// Promise B for certificates: power cut to the unit after any byte on the wire and any byte of its memory leaves the old
// credential, the new one or none, never half; a key that the unit answered for is never lost; and on a cable that loses,
// doubles or changes a fifth of all frames units finish with the chain for their own key.
import { type KeyObject, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { UnitSession } from '../../drivers/protocols/protocol.ts';
import type { FaultPlanJson } from '../../drivers/simulated/unit/faults.ts';
import type { PowerCounts } from '../../drivers/simulated/unit/power.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { FaultyUnit, loopFacts } from '../suites/loop.ts';
import { hurried } from '../suites/patience.ts';
import { everyCut, inForce, type PowerCutAt, several, some } from '../suites/power-cuts.ts';
import { info, symmetricKey } from '../suites/protocol.suite.ts';
import { signs } from '../suites/protocol-x509.suite.ts';
import { long, testSeed } from '../suites/seed.ts';
import { chainFor, chainObject, keyObject, publicHalf, requestedKey, sentKey } from '../suites/unit-certificates.ts';

const lanes = 16;
const timeout = long ? 1_800_000 : 60_000;
const never = new AbortController().signal;
const seed = testSeed('X.509 unit');
const random = seeded(seed);
/** Units in this process answer before the driver looks; a unit without power is found out soon. */
const protocol = hurried(() => 8);

/** A credential on its way, as a station remembers it from one try to the next. */
type Credential = {
  readonly operation: Buffer;
  readonly replaces?: Buffer;
  /** A key that the station made; without it the unit makes its own. */
  readonly sent?: Buffer;
  publicKey?: KeyObject;
  chain?: Buffer;
};

const madeByUnit = (replaces?: Buffer): Credential => ({
  operation: randomBytes(16),
  ...(replaces && { replaces }),
});

function madeByStation(replaces?: Buffer): Credential {
  const { key, chain, publicKey } = sentKey();
  return { ...madeByUnit(replaces), sent: key, chain, publicKey };
}

/** Everything that a unit goes through, from `hello` to the lock, as a station does it again from the start after a break. */
async function live(unit: FaultyUnit, credential: Credential): Promise<void> {
  const session = await protocol.open(unit.link(), never);
  await session.identity(never);
  await session.provision(info, never);
  await install(session, credential);
  await session.lock(credential.operation, never);
}

async function install(session: UnitSession, credential: Credential): Promise<void> {
  const { operation } = credential;
  const key = await keyOf(session, credential);
  const chain = credential.chain ?? chainFor(key);
  credential.chain = chain;
  await session.stage(chainObject(operation, chain), never);
  await session.commit(operation, never);
  expect((await session.readChain(operation, never)).equals(chain)).toBe(true);
  expect(await signs(session, operation, key)).toBe(true);
}

async function keyOf(session: UnitSession, credential: Credential): Promise<KeyObject> {
  const { operation, replaces, sent, publicKey } = credential;
  const more = replaces === undefined ? {} : { replaces };
  if (sent && publicKey) {
    await session.stage({ ...keyObject(operation, sent), ...more }, never);
    return publicKey;
  }
  const made = requestedKey(await session.makeKey({ operation, algorithm: 'p256', ...more }, never));
  // What a certificate may have been issued for meanwhile is still the unit's key.
  if (publicKey) expect(made.equals(publicKey)).toBe(true);
  credential.publicKey = made;
  return made;
}

/** Whether it broke; anything but an error of the unit's is thrown. */
const breaks = (tried: Promise<void>): Promise<boolean> =>
  tried.then(
    () => false,
    (thrown: unknown) => {
      if (!(thrown instanceof StationError)) throw thrown;
      return true;
    },
  );

/** All cuts, or a seeded sample of them in the short form. */
function cutsOf(name: string, counts: PowerCounts, sample: number): PowerCutAt[] {
  const all = everyCut(counts);
  const cuts = long ? all : some(all, sample, random);
  process.stdout.write(`X.509 power, ${name}: ${JSON.stringify(counts)}, ${cuts.length} of ${all.length} cuts\n`);
  return cuts;
}

/** Expects this credential in force and locked, with the key that its chain is for. */
function expectHeld(unit: FaultyUnit, { operation, chain, publicKey }: Credential): void {
  const held = inForce(unit.flash);
  expect(held).toMatchObject({ operation: operation.toString('hex'), chain: chain?.toString('latin1'), locked: true });
  expect(publicKey && publicHalf(held?.key ?? '').equals(publicKey)).toBe(true);
}

const origins = { 'the unit makes': madeByUnit, 'the station makes': madeByStation } as const;

for (const [origin, make] of Object.entries(origins)) {
  test(
    `a fresh unit whose power is cut while it gets a certificate for a key that ${origin} finishes at the next try`,
    async () => {
      const whole = new FaultyUnit();
      await live(whole, make());
      const ends = new Set<string>();
      await several(cutsOf(`fresh, ${origin}`, whole.counts, 120), lanes, async (power) => {
        const unit = new FaultyUnit(loopFacts, { power });
        const credential = make();
        const broke = await breaks(live(unit, credential));
        const held = inForce(unit.flash, false);
        if (held) expect(held.operation, JSON.stringify(power)).toBe(credential.operation.toString('hex'));
        ends.add(`${broke ? 'broke' : 'went on'} with ${held ? 'it' : 'nothing'}`);
        if (broke) await live(unit, credential);
        expectHeld(unit, credential);
      });
      expect([...ends].sort()).toEqual(['broke with it', 'broke with nothing', 'went on with it']);
    },
    timeout,
  );

  test(
    `a unit whose power is cut while a certificate for a key that ${origin} replaces its credential holds one of the two`,
    async () => {
      const old = await holding({});
      const whole = old.unit;
      await live(whole, make(old.operation));
      const seen = new Set<string | undefined>();
      await several(cutsOf(`replacement, ${origin}`, whole.counts, 120), lanes, async (power) => {
        const { unit, operation, secret } = await holding({ power });
        const next = make(operation);
        const broke = await breaks(live(unit, next));
        const held = inForce(unit.flash, false);
        expect([operation, next.operation].map((one) => one.toString('hex'))).toContain(held?.operation);
        if (held?.operation === operation.toString('hex')) expect(held.key).toBe(secret.toString('base64'));
        seen.add(held?.chain === undefined ? 'old' : 'new');
        if (broke) await live(unit, next);
        expectHeld(unit, next);
        expect(unit.flash.bytes.includes(secret)).toBe(false);
      });
      expect([...seen].sort()).toEqual(['new', 'old']);
    },
    timeout,
  );
}

test(
  'a unit whose power is cut while one certificate replaces another holds one of the two, and nothing of the old one after',
  async () => {
    const certified = async (plan: FaultPlanJson) => {
      const unit = new FaultyUnit();
      const old = madeByStation();
      const session = await protocol.open(unit.link(), never);
      await session.provision(info, never);
      await install(session, old);
      unit.faults(plan);
      return { unit, old };
    };
    const whole = await certified({});
    await live(whole.unit, madeByUnit(whole.old.operation));
    await several(cutsOf('certificate by certificate', whole.unit.counts, 80), lanes, async (power) => {
      const { unit, old } = await certified({ power });
      const next = madeByUnit(old.operation);
      const broke = await breaks(live(unit, next));
      const held = inForce(unit.flash, false);
      const expected = [old, next].find(({ operation }) => operation.toString('hex') === held?.operation);
      expect(held?.chain, JSON.stringify(power)).toBe(expected?.chain?.toString('latin1') ?? 'one of the two');
      if (broke) await live(unit, next);
      expectHeld(unit, next);
      for (const gone of [old.sent, old.chain]) expect(gone && unit.flash.bytes.includes(gone)).toBe(false);
    });
  },
  timeout,
);

/** A unit with a symmetric key of an earlier life; its faults begin afterwards. */
async function holding(plan: FaultPlanJson) {
  const unit = new FaultyUnit();
  const { bytes: secret, ...credential } = symmetricKey();
  const session = await protocol.open(unit.link(), never);
  await session.provision(info, never);
  await session.stage({ ...credential, bytes: secret }, never);
  await session.commit(credential.operation, never);
  unit.faults(plan);
  return { unit, operation: credential.operation, secret };
}

const units = long ? 300 : 12;
const most = 3;
const cables = {
  'dropped, doubled, reordered or flipped': { drop: 0.05, double: 0.05, reorder: 0.05, flip: 0.05 },
  dropped: { drop: 0.2 },
  doubled: { double: 0.2 },
  flipped: { flip: 0.2 },
} as const;

for (const [kind, frames] of Object.entries(cables)) {
  test(
    `with 20 % of frames ${kind}, each of ${units} units gets its own certificate within ${most} tries`,
    async () => {
      const tries = new Array<number>(most).fill(0);
      await several(
        Array.from({ length: units }, (_, index) => index),
        lanes,
        async (index) => {
          const wire = { frames };
          const unit = new FaultyUnit(loopFacts, { seed: (seed + index) >>> 0, toUnit: wire, toStation: wire });
          const credential = index % 2 === 0 ? madeByUnit() : madeByStation();
          let at = 0;
          while (at < most && (await breaks(live(unit, credential)))) at += 1;
          tries[at] = (tries[at] ?? 0) + 1;
          expectHeld(unit, credential);
        },
      );
      process.stdout.write(`X.509 cable, ${kind}: ${tries.join(', ')} units in 1, 2, 3 tries\n`);
    },
    timeout,
  );
}
