import { afterAll, beforeAll, expect, test } from 'vitest';
import { ckrName, effectOf, returnValues } from '../../drivers/hsm/ckr.ts';
import { Pkcs11Hsm } from '../../drivers/hsm/pkcs11.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { untilState } from '../suites/hsm-state.ts';
import { type Trial, verbTrials } from '../suites/hsm-verbs.ts';
import { tapIn } from '../suites/pkcs11-faults.ts';
import { long } from '../suites/seed.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';

// Every return value at every PKCS#11 function that a verb calls: a sample of them, all with BIRTHMARK_LONG.

const sampleSize = long ? Number.POSITIVE_INFINITY : 150;
const seed = 20_261_120;
const codes = [...Object.keys(returnValues).map(Number), 0x80000001];

let token: SoftHsmToken;
let tap: ReturnType<typeof tapIn>;
let hsm: Pkcs11Hsm;
beforeAll(async () => {
  token = await makeSoftHsm();
  tap = tapIn(token.folder);
  hsm = await Pkcs11Hsm.open({
    ...token,
    pin: token.pin(),
    environment: { ...token.environment, ...tap.environment },
    deadlines: { probeMs: 20, keepAliveMs: 3_600_000 },
  });
});
afterAll(async () => {
  tap.mend();
  await hsm.close();
  await token.dispose();
});

test(
  'every return value at every function of every verb: a right answer or a named refusal, and it works again',
  async () => {
    const trials = await verbTrials(hsm);
    const pairs = [];
    for (const trial of trials) {
      for (const call of await functionsOf(trial)) for (const code of codes) pairs.push({ trial, call, code });
    }
    expect(pairs.length).toBeGreaterThan(5000);
    const outcomes = { right: 0, refused: 0 };
    for (const pair of sample(pairs)) outcomes[await outcomeOf(pair)] += 1;
    expect(outcomes.right).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
    process.stdout.write(`${JSON.stringify({ pairs: pairs.length, ...outcomes })}\n`);
  },
  long ? 4 * 3_600_000 : 120_000,
);

type Pair = { readonly trial: Trial; readonly call: string; readonly code: number };

/** The functions that a trial calls, in a process that has found no key yet, where it calls the most. */
async function functionsOf(trial: Trial): Promise<Set<string>> {
  tap.break({ call: 'C_SignInit', closeSessions: true });
  await hsm.mac(await anyKey(), Buffer.from('x'));
  tap.takeCalls();
  if (trial.first) tap.break(...trial.first);
  expect(await trial.act(), trial.name).toBe(true);
  return new Set(tap.takeCalls());
}

async function anyKey() {
  const [found] = (await hsm.list()).filter((key) => key.label === 'trial-group');
  if (!found) throw new Error('no key');
  return { ...found, checkValue: await hsm.checkValue(found) };
}

async function outcomeOf({ trial, call, code }: Pair): Promise<'right' | 'refused'> {
  const name = `${ckrName(code)} at ${call} of ${trial.name}`;
  tap.takeCalls();
  tap.break(...(trial.first ?? []), { call, code });
  const outcome = await trial.act().catch((thrown: unknown) => thrown);
  tap.mend();
  if (outcome instanceof StationError) expect(outcome.code, name).toMatch(/^hsm\./);
  // An attribute that the token says it does not have counts as what would be refused: shown so, never used so.
  else if (!isAbsentAttribute({ call, code })) expect(outcome, name).toBe(true);
  if (effectOf(code) === 'pin' && call === 'C_Login') await expectPinErased(name);
  await recovered(name);
  expect(await trial.act(), `after ${name}`).toBe(true);
  return outcome === true ? 'right' : 'refused';
}

const isAbsentAttribute = ({ call, code }: Omit<Pair, 'trial'>) =>
  call === 'C_GetAttributeValue' && ckrName(code) === 'CKR_ATTRIBUTE_TYPE_INVALID';

/** Locked, and no call tries the PIN again. */
async function expectPinErased(name: string): Promise<void> {
  expect((await hsm.status()).state, name).toBe('locked');
  const tries = tap.count('C_Login');
  await expect(hsm.random(8), name).rejects.toMatchObject({ code: 'hsm.locked' });
  expect(tap.count('C_Login'), name).toBe(tries);
}

/** A person unlocks it where it waits for one; otherwise it comes back by itself. */
async function recovered(name: string): Promise<void> {
  const { state } = await hsm.status();
  if (state === 'locked') await hsm.unlock(token.pin());
  await untilState(hsm, 'ready');
  expect((await hsm.status()).reason, name).toBe('');
}

/** As many as wanted, chosen by the seed: the same ones each time. */
function sample<T>(all: readonly T[]): readonly T[] {
  if (all.length <= sampleSize) return all;
  const random = seeded(seed);
  const chosen = new Set<T>();
  while (chosen.size < sampleSize) {
    const one = all[Math.floor(random() * all.length)];
    if (one !== undefined) chosen.add(one);
  }
  return [...chosen];
}
