import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { associatedData, unseal } from '../../../../drivers/protocols/channel.ts';
import { readSealed, sealedFields, sealObject } from '../../../../drivers/protocols/sealed.ts';
import { writeFields } from '../../../../drivers/protocols/wire.ts';
import { makeTpm } from '../../../../drivers/simulated/tpm/manufacture.ts';
import { activateSealed } from '../../../../drivers/simulated/unit/tpm-agent.ts';
import { NoTpm, openUnitsTpm, type UnitsTpm } from '../../../../drivers/simulated/unit/units-tpm.ts';
import { nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { ekKinds } from '../../../../drivers/tpm/unit-tpm.ts';
import { certify } from '../../../suites/simulated-tpm.ts';
import { makeSwtpm } from '../../../suites/swtpm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { newUnitsTpm, sealTo, tpmGiven } from '../../../suites/units-tpm.ts';

const plain = Buffer.from('a private key, or a symmetric one', 'latin1');
const bound = { operation: Buffer.alloc(16, 9), registrationId: 'sn-000001' };
const associated = associatedData('private-key', bound);

function sealedOf(envelope: Buffer) {
  const sealed = readSealed(envelope);
  if (sealed === undefined) throw new Error('this is a sealed object');
  return sealed;
}

/** What the unit gets out of an envelope with its TPM. */
async function opened(tpm: UnitsTpm, envelope: Buffer): Promise<Buffer | undefined> {
  const sealed = sealedOf(envelope);
  const key = await activateSealed(tpm, sealed);
  return key && unseal({ key, iv: sealed.iv }, associated, sealed.ciphertext);
}

test('a sealed object opens with the TPM that it is for, by keys that are made again where none is loaded', async () => {
  const tpm = await newUnitsTpm();
  const envelope = sealObject(plain, 'private-key', await sealTo(tpm), bound);
  expect(await opened(tpm, envelope)).toEqual(plain);
  tpm.restart();
  expect(await opened(tpm, envelope)).toEqual(plain);
});

test.each(ekKinds)('it is sealed to an endorsement key of any kind: %s', async (kind) => {
  const tpm = await newUnitsTpm();
  const to = await sealTo(tpm, kind);
  const envelope = sealObject(plain, 'private-key', to, bound);
  const { endorsementKey, activationKey } = sealedOf(envelope);
  expect(endorsementKey).toEqual(nameOf(readPublicArea(to.endorsementKey, 'test')));
  expect(activationKey).toEqual(nameOf(readPublicArea(to.activationKey, 'test')));
  expect(await opened(tpm, envelope)).toEqual(plain);
});

test('the same object is sealed under another key each time', async () => {
  const to = await sealTo(await newUnitsTpm());
  const [first, second] = [1, 2].map(() => sealedOf(sealObject(plain, 'private-key', to, bound)));
  for (const field of ['credential', 'secret', 'iv', 'ciphertext'] as const) {
    expect(first?.[field].equals(second?.[field] ?? Buffer.alloc(0))).toBe(false);
  }
  expect(first?.ciphertext.includes(plain)).toBe(false);
});

test('it does not open in another TPM, nor with a changed byte in any of its fields', async () => {
  const tpm = await newUnitsTpm();
  const other = await makeTpm(certify);
  const given = { ekKey: other.ekKey, certificate: other.certificate.toString('base64') };
  const stranger = openUnitsTpm(given, join(temporaryFolder(), 'other.tpm'));
  const envelope = sealObject(plain, 'private-key', await sealTo(tpm), bound);
  expect(await opened(stranger, envelope)).toBeUndefined();
  const sealed = sealedOf(envelope);
  for (const field of Object.keys(sealedFields) as (keyof typeof sealedFields)[]) {
    for (const at of [0, sealed[field].length >> 1, sealed[field].length - 1]) {
      const changed = Buffer.from(sealed[field]);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await opened(tpm, writeFields(sealedFields, { ...sealed, [field]: changed }))).toBeUndefined();
    }
  }
  expect(await opened(tpm, envelope)).toEqual(plain);
});

test('what is no sealed object is none', async () => {
  const envelope = sealObject(plain, 'private-key', await sealTo(await newUnitsTpm()), bound);
  expect(readSealed(Buffer.alloc(0))).toBeUndefined();
  expect(readSealed(envelope.subarray(0, -1))).toBeUndefined();
  expect(readSealed(Buffer.concat([envelope, Buffer.of(0)]))).toBeUndefined();
  expect(readSealed(Buffer.from('a0', 'hex'))).toBeUndefined();
});

test('a TPM that says what is no response is none, and one in failure mode opens nothing', async () => {
  const to = await sealTo(await newUnitsTpm());
  const sealed = sealedOf(sealObject(plain, 'private-key', to, bound));
  const behaving = async (behaves: 'silent-garbage' | 'failure-mode') =>
    activateSealed(openUnitsTpm({ ...(await tpmGiven()), behaves }, join(temporaryFolder(), 'bad.tpm')), sealed);
  await expect(behaving('silent-garbage')).rejects.toBeInstanceOf(NoTpm);
  expect(await behaving('failure-mode')).toBeUndefined();
  const short: UnitsTpm = { execute: async () => Buffer.alloc(3), restart: () => undefined };
  await expect(activateSealed(short, sealed)).rejects.toBeInstanceOf(NoTpm);
});

test('it opens in a real TPM, which has nothing loaded afterwards, and which is missed when it is gone', async () => {
  const swtpm = await makeSwtpm();
  try {
    const tpm = openUnitsTpm({ port: swtpm.port }, '');
    const envelope = sealObject(plain, 'private-key', await sealTo(tpm), bound);
    expect(await opened(tpm, envelope)).toEqual(plain);
    const sealed = sealedOf(envelope);
    const changed = { ...sealed, credential: Buffer.from(sealed.credential) };
    changed.credential[40] = (changed.credential[40] ?? 0) ^ 1;
    expect(await activateSealed(tpm, changed)).toBeUndefined();
    expect(await loadedIn(await toPort(swtpm.port))).toBe(0);
    await swtpm.stop();
    await expect(activateSealed(tpm, sealed)).rejects.toBeInstanceOf(NoTpm);
  } finally {
    await swtpm.stop();
  }
});

test('a simulated TPM keeps its state in the one file that it is given', async () => {
  const file = join(temporaryFolder(), 'unit.tpm');
  await sealTo(await newUnitsTpm(file));
  expect(readdirSync(dirname(file))).toEqual(['unit.tpm']);
});
