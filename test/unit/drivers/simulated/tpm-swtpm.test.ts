import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seeded } from '../../../../drivers/simulated/unit/random.ts';
import { sized, u16, u32 } from '../../../../drivers/tpm/marshal.ts';
import { nameOfCode } from '../../../../drivers/tpm/return-codes.ts';
import { activationTemplate, ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import type { Asked } from '../../../suites/simulated-tpm-dice.ts';
import { type Answers, TpmPair } from '../../../suites/simulated-tpm-pair.ts';
import { CommandGenerator } from '../../../suites/simulated-tpm-plans.ts';
import {
  type CodeName,
  codeOf,
  commandOf,
  password,
  primaryParameters,
  secretParameters,
  sessionParameters,
} from '../../../suites/simulated-tpm-wire.ts';

let pair: TpmPair;
beforeEach(async () => {
  pair = await TpmPair.make();
});
afterEach(() => pair.stop());

/** Commands whose responses have a handle first. */
const answersHandle: ReadonlySet<CodeName> = new Set(['CreatePrimary', 'StartAuthSession']);
/** Commands whose parameters are each TPM's own: keys and nonces. */
const ownAnswers: ReadonlySet<CodeName> = new Set(['CreatePrimary', 'ReadPublic', 'StartAuthSession']);

/** The parameters of a response, or what is left of it where it is a refusal. */
function parametersOf(name: CodeName, response: Buffer): Buffer {
  const from = answersHandle.has(name) ? 14 : 10;
  if (response.readUInt16BE(0) === 0x8001) return response.subarray(from);
  return response.subarray(from + 4, from + 4 + response.readUInt32BE(from));
}

/** What the two answered differently, or nothing. */
function difference({ name, ours: command }: Asked, { ours, theirs }: Answers): string | undefined {
  const [our, their] = [codeOf(ours), codeOf(theirs)];
  if (isKnown(name, our, their)) return undefined;
  const said = `${name}: ${nameOfCode(our)} here, ${nameOfCode(their)} by swtpm: ${command.toString('hex')}`;
  if (our !== their || ours.length !== theirs.length) return said;
  if (our !== 0) return ours.equals(theirs) ? undefined : said;
  if (answersHandle.has(name) && ours.readUInt32BE(10) !== theirs.readUInt32BE(10)) return said;
  const same = ownAnswers.has(name) || parametersOf(name, ours).equals(parametersOf(name, theirs));
  return same ? undefined : said;
}

/** The differences of the table below that come by chance. */
function isKnown(name: CodeName, our: number, their: number): boolean {
  return (
    (our === 0x144 && their === 0x095) ||
    (name === 'StartAuthSession' && our === 0x3c4 && their !== our) ||
    (name === 'ActivateCredential' && our === 0x2c4 && their === 0x101) ||
    (name === 'CreatePrimary' && our === 0x2c2 && their === 0)
  );
}

describe('commands that are mostly right', () => {
  const [runs, steps] = long ? [60, 1_000] : [3, 800];
  const good = new Set<CodeName>();
  test.each(Array.from({ length: runs }, (_, run) => run + 1))(
    'are answered with the codes and the parameters of swtpm, run %i',
    { timeout: 300_000 },
    async () => {
      const random = seeded(testSeed('simulated TPM against swtpm'));
      const generator = new CommandGenerator(random, pair);
      for (let step = 0; step < steps; step += 1) {
        if (random() < 0.01) await pair.powerCycle();
        const asked = await generator.next();
        const answers = await pair.both(asked.ours, asked.theirs);
        const found = difference(asked, answers);
        expect(found).toBeUndefined();
        const [our, their] = [codeOf(answers.ours), codeOf(answers.theirs)];
        if (our === 0) good.add(asked.name);
        if (our !== 0 && their === 0) await pair.flushTheirs(answers.theirs.readUInt32BE(10));
      }
    },
  );

  test('and each of them succeeds now and then', () => {
    expect([...good].sort()).toEqual([
      'ActivateCredential',
      'CreatePrimary',
      'EvictControl',
      'FlushContext',
      'GetCapability',
      'HierarchyChangeAuth',
      'NV_Read',
      'NV_ReadPublic',
      'PolicyOR',
      'PolicySecret',
      'ReadPublic',
      'StartAuthSession',
    ]);
  });
});

const [owner, endorsement, lockout, platform, none] = [0x4000_0001, 0x4000_000b, 0x4000_000a, 0x4000_000c, 0x4000_0007];
const policySession = 0x0300_0000;
const key = 0x8000_0000;

const start = (parameters: Buffer, handles = [none, none]): Buffer =>
  commandOf('StartAuthSession', { handles, parameters });
const secretOf = (entity: number, auth = '', parameters: Buffer = secretParameters): Buffer =>
  commandOf('PolicySecret', { handles: [entity, policySession], sessions: [password(auth)], parameters });
const create = (template: Buffer, hierarchy = endorsement, auth = ''): Buffer =>
  commandOf('CreatePrimary', {
    handles: [hierarchy],
    sessions: [password()],
    parameters: primaryParameters(template, Buffer.from(auth)),
  });
const changeLockout = (auth: string): Buffer =>
  commandOf('HierarchyChangeAuth', {
    handles: [lockout],
    sessions: [password(auth)],
    parameters: sized(Buffer.alloc(0)),
  });
const capability = (of: number, from: number): Buffer =>
  commandOf('GetCapability', { parameters: Buffer.concat([u32(of), u32(from), u32(1)]) });
const bare = (tag: number, code: number, body: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([u16(tag), u32(10 + body.length), u32(code), body]);

/** A template with some bytes of it changed. */
function changed(template: Buffer, at: number, bytes: string): Buffer {
  const copy = Buffer.from(template);
  copy.write(bytes, at, 'hex');
  return copy;
}
/** P-256, without a policy: algorithm of the name at 2, attributes at 4, symmetric at 10, curve at 18. */
const storage = activationTemplate;
const signing = Buffer.from('0023000b00040072000000100018000b0003001000000000', 'hex');
const keyedHash = Buffer.from('0008000b0004007200000005000b0000', 'hex');
const rsa1024 = changed(ekTemplate('rsa2048'), 50, '0400');
const withPcrs = Buffer.concat([
  primaryParameters(storage).subarray(0, -4),
  Buffer.from('00000001000b03010000', 'hex'),
]);

/** Where this TPM is not like swtpm, and why. */
type Difference = readonly [what: string, command: Buffer, ours: number, theirs: number];
const differences: readonly Difference[] = [
  ['part 3, 5.2 has TPM_RC_BAD_TAG for a tag that is none', bare(0x8003, 0x17a), 0x01e, 0x084],
  ['part 3, 5.5 has TPM_RC_AUTHSIZE for an area of impossible size', bare(0x8002, 0x17a, u32(8)), 0x144, 0x095],
  ['the platform hierarchy is the firmware’s, and disabled', create(storage, platform), 0x185, 0],
  ['whoever starts it first is believed to be the firmware', bare(0x8001, 0x144, u16(0)), 0, 0x100],
  ['there is no random number to be had', bare(0x8001, 0x17b, u16(8)), 0x143, 0],
  ['algorithms are not listed', capability(0, 0), 0x1c4, 0],
  ['there are no HMAC sessions', start(changed(sessionParameters(0x0b), 20, '00')), 0x3c4, 0],
  ['there are no trial sessions', start(changed(sessionParameters(0x0b), 20, '03')), 0x3c4, 0],
  [
    'sessions do not encrypt',
    start(Buffer.concat([sessionParameters(0x0b).subarray(0, 21), Buffer.from('000600800043000b', 'hex')])),
    0x4d6,
    0,
  ],
  ['sessions are not bound', start(sessionParameters(0x0b), [none, owner]), 0x284, 0],
  ['SHA-1 is not known to sessions', start(sessionParameters(0x04)), 0x5c3, 0],
  ['SHA-1 is not known to keys', create(changed(storage, 2, '0004')), 0x2c3, 0],
  ['keys for signatures are not made', create(signing), 0x2c2, 0],
  ['keyed hashes are not made', create(keyedHash), 0x2ca, 0],
  ['RSA keys have 2048 bits', create(rsa1024), 0x2c4, 0],
  ['P-521 is not known', create(changed(storage, 18, '0005')), 0x2e6, 0],
  [
    'there are no PCRs to make a key with',
    commandOf('CreatePrimary', { handles: [owner], sessions: [password()], parameters: withPcrs }),
    0x4d5,
    0,
  ],
];

test.each(differences)('%s', async (_, command, ours, theirs) => {
  const answers = await pair.both(command);
  expect([answers.ours, answers.theirs].map((one) => nameOfCode(codeOf(one)))).toEqual([ours, theirs].map(nameOfCode));
});

/** Also on a policy session that both have. */
const onSessions: readonly Difference[] = [
  ['PCRs authorise nothing', secretOf(0), 0x184, 0],
  ['no policy expires', secretOf(endorsement, '', Buffer.concat([Buffer.alloc(6), u32(1)])), 0x4e3, 0],
  [
    'no policy is for one command alone',
    secretOf(endorsement, '', Buffer.concat([u16(0), sized(Buffer.alloc(32, 1)), u16(0), u32(0)])),
    0x151,
    0,
  ],
  [
    'a policy session is not flushed by the handle of an HMAC session',
    commandOf('FlushContext', { parameters: u32(0x0200_0000) }),
    0x1cb,
    0,
  ],
];

test.each(onSessions)('%s', async (_, command, ours, theirs) => {
  const opened = await pair.both(start(sessionParameters(0x0b)));
  expect([opened.ours, opened.theirs].map(codeOf)).toEqual([0, 0]);
  const answers = await pair.both(command);
  expect([answers.ours, answers.theirs].map((one) => nameOfCode(codeOf(one)))).toEqual([ours, theirs].map(nameOfCode));
});

test('wrong authorisations lead to the same lockout, and what is not protected goes on', async () => {
  const steps = [
    [create(ekTemplate('high-p256'), endorsement, 'mine'), 0],
    [start(sessionParameters(0x0b)), 0],
    // The first use of a protected authorisation is noted, and asked for again.
    [secretOf(key, 'mine'), 0x922],
    [secretOf(key, 'mine'), 0],
    [secretOf(key, 'other'), 0x98e],
    [secretOf(key, 'mine'), 0],
    [secretOf(key, 'other'), 0x98e],
    [secretOf(key, 'other'), 0x98e],
    [secretOf(key, 'mine'), 0x921],
    [secretOf(endorsement), 0],
    [secretOf(endorsement, 'other'), 0x9a2],
    [capability(6, 0x20e), 0],
    [changeLockout(''), 0],
    [changeLockout('other'), 0x98e],
    [changeLockout(''), 0x921],
  ] as const;
  for (const [at, [command, code]] of steps.entries()) {
    const { ours, theirs } = await pair.both(command);
    expect([at, codeOf(ours), codeOf(theirs)]).toEqual([at, code, code]);
  }
  const { ours, theirs } = await pair.both(capability(6, 0x200));
  for (const said of [ours, theirs]) expect(said.readUInt32BE(23) & 0x207).toBe(0x200);
});
