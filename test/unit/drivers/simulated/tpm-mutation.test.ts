import { expect, test } from 'vitest';
import type { SimulatedTpm } from '../../../../drivers/simulated/tpm/tpm.ts';
import { makeCredential } from '../../../../drivers/tpm/credential.ts';
import { sized, u16, u32 } from '../../../../drivers/tpm/marshal.ts';
import { nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { activationTemplate, ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { newTpm } from '../../../suites/simulated-tpm.ts';
import {
  codeOf,
  codes,
  commandOf,
  password,
  primaryParameters,
  secretParameters,
  sessionParameters,
} from '../../../suites/simulated-tpm-wire.ts';

const rounds = long ? 100_000 : 1_000;
const [owner, endorsement, none] = [0x4000_0001, 0x4000_000b, 0x4000_0007];
const [activation, ek, session] = [0x8000_0000, 0x8000_0001, 0x0300_0000];
const index = 0x01c0_0002;

type Roll = ReturnType<typeof dice>;

/** Values that mean something: sizes, algorithms, kinds of handles, attributes. */
const telling = [0, 1, 2, 3, 4, 6, 8, 0x0b, 0x0c, 0x10, 0x20, 0x23, 0x40, 0x41, 0x43, 0x7f, 0x80, 0x81, 0xff];

/** Mostly, the size in the header is made right again, so that what is behind it is read at all. */
function withSize(bytes: Buffer, roll: Roll): Buffer {
  if (bytes.length >= 6 && roll(10) > 0) bytes.writeUInt32BE(bytes.length, 2);
  return bytes;
}

/** Two keys and a session that satisfies the second one's policy, and a command of each kind that would succeed. */
function furnish(tpm: SimulatedTpm): readonly Buffer[] {
  const flush = (handle: number) => commandOf('FlushContext', { parameters: u32(handle) });
  for (const handle of [0, 1, 2].flatMap((at) => [activation + at, session + at])) tpm.execute(flush(handle));
  const create = (hierarchy: number, template: Buffer) =>
    commandOf('CreatePrimary', {
      handles: [hierarchy],
      sessions: [password()],
      parameters: primaryParameters(template),
    });
  const start = commandOf('StartAuthSession', { handles: [none, none], parameters: sessionParameters(0x0b) });
  const secret = commandOf('PolicySecret', {
    handles: [endorsement, session],
    sessions: [password()],
    parameters: secretParameters,
  });
  const made = [create(owner, activationTemplate), create(endorsement, ekTemplate('p256')), start, secret];
  const [object, key] = made.map((command) => tpm.execute(command)).slice(0, 2);
  const digest = Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex');
  return [
    ...made,
    ...(object && key ? [activate(object, key)] : []),
    flush(session),
    commandOf('PolicyOR', { handles: [session], parameters: Buffer.concat([u32(2), sized(digest), sized(digest)]) }),
    commandOf('ReadPublic', { handles: [ek] }),
    commandOf('NV_ReadPublic', { handles: [index] }),
    commandOf('NV_Read', {
      handles: [index, index],
      sessions: [password()],
      parameters: Buffer.concat([u16(99), u16(3)]),
    }),
    commandOf('GetCapability', { parameters: Buffer.concat([u32(6), u32(0x100), u32(127)]) }),
    commandOf('GetCapability', { parameters: Buffer.concat([u32(1), u32(0x8000_0000), u32(254)]) }),
    commandOf('EvictControl', { handles: [owner, activation], sessions: [password()], parameters: u32(0x8100_0001) }),
    commandOf('HierarchyChangeAuth', { handles: [owner], sessions: [password()], parameters: u16(0) }),
    commandOf('Startup', { parameters: u16(0) }),
  ];
}

/** The credential for what two TPM2_CreatePrimary answered. */
function activate(...responses: readonly [object: Buffer, key: Buffer]): Buffer {
  // Somebody may have taken the hierarchies meanwhile.
  const areas = responses.map((response) =>
    codeOf(response) === 0
      ? readPublicArea(Buffer.from(response.subarray(18, 20 + response.readUInt16BE(18))), 'a key')
      : undefined,
  );
  const [object, key] = areas;
  const challenge = object && key && makeCredential(key, nameOf(object), Buffer.alloc(32, 7));
  return commandOf('ActivateCredential', {
    handles: [activation, ek],
    sessions: [password(), { handle: session, attributes: 1 }],
    parameters: challenge ? Buffer.concat([challenge.credential, challenge.secret]) : Buffer.alloc(4),
  });
}

function expectResponse(response: Buffer): void {
  expect(response.length).toBeGreaterThanOrEqual(10);
  expect(response.length).toBeLessThanOrEqual(4_096);
  expect(response.readUInt32BE(2)).toBe(response.length);
  const code = codeOf(response);
  if (code !== 0) expect(response.length).toBe(10);
  expect([0x8001, 0x8002, 0x00c4]).toContain(response.readUInt16BE(0));
  if (response.readUInt16BE(0) === 0x00c4) expect(code).toBe(0x1e);
}

test('every changed command is answered with a whole response', { timeout: 900_000 }, async () => {
  const roll = dice(testSeed('simulated TPM, mutation'));
  let { tpm } = await newTpm();
  let valid: readonly Buffer[] = [];
  const answered = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    // A new one now and then: somebody may have taken it, or filled it with keys.
    if (round % 500 === 0) ({ tpm } = await newTpm());
    if (round % 50 === 0) valid = furnish(tpm);
    const command = withSize(mutate(valid[roll(valid.length)] ?? Buffer.alloc(0), roll, telling), roll);
    const response = tpm.execute(command);
    expectResponse(response);
    answered.add(codeOf(response));
  }
  // It got past the header: many different codes came.
  expect(answered.size).toBeGreaterThan(30);
});

test('bytes that are no command at all are answered with a whole response', async () => {
  const roll = dice(testSeed('simulated TPM, noise'));
  const { tpm } = await newTpm();
  const known = Object.values(codes);
  for (let round = 0; round < rounds; round += 1) {
    const noise = Buffer.from(Array.from({ length: roll(80) }, () => roll(256)));
    if (noise.length >= 10 && roll(5) > 0) {
      noise.writeUInt16BE(roll(2) === 0 ? 0x8001 : 0x8002);
      noise.writeUInt32BE(noise.length, 2);
      noise.writeUInt32BE(known[roll(known.length)] ?? 0, 6);
    }
    expectResponse(tpm.execute(noise));
  }
});

test.each([0, 1, 2, 5, 6, 9])('a command of %i bytes is too short', async (length) => {
  const { tpm } = await newTpm();
  const command = commandOf('GetCapability').subarray(0, length);
  expect(codeOf(tpm.execute(command))).toBe(0x142);
});

test('a command longer than TPMs take is refused for its size', async () => {
  const { tpm } = await newTpm();
  expect(codeOf(tpm.execute(commandOf('GetCapability', { parameters: Buffer.alloc(4_087) })))).toBe(0x142);
});
