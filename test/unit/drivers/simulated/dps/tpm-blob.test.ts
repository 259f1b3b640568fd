import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  activationBlob,
  duplicate,
  hmacObject,
  innerWrap,
  protectedCredential,
} from '../../../../../drivers/simulated/dps/tpm-blob.ts';
import { readStorageKey, type TpmPublic } from '../../../../../drivers/simulated/dps/tpm-public.ts';
import { kdfa } from '../../../../../drivers/simulated/dps/tpm-seed.ts';
import { makeSwtpm, tools } from '../../../../suites/swtpm.ts';
import { activate, type KeyType, makeKeys, structuresOf } from './tpm-device.ts';

/** `count` bytes that count up from the first. */
const counting = (first: number, count: number) => Buffer.from(Array.from({ length: count }, (_, n) => first + n));

// A vector whose every step a software TPM accepted.
const innerKey = counting(0x00, 16);
const seedValue = counting(0x20, 32);
const issued = counting(0x40, 32);
const outerSeed = counting(0x60, 32);
const credentialSeed = counting(0x80, 32);
const nameOfSrk = Buffer.concat([Buffer.from('000b', 'hex'), counting(0xa0, 32)]);
const nothing = Buffer.alloc(0);

test('the symmetric parts of the vector come out to the byte', () => {
  const object = hmacObject(issued, seedValue);
  expect(object.publicArea.toString('hex')).toBe(
    '0008000b0004044000000005000b0020ae02e99bbdd3713ac87427589a48fc45818ef9a7ecd27941142d8f6f61afb7c1',
  );
  expect(object.name.toString('hex')).toBe('000b015ac3bad11042e8e438c0104a8b815f901093b04feb86f5f4fa0b18419f3a1a');
  expect(innerWrap(object.sensitive, object.name, innerKey).toString('hex')).toBe(
    'c68139b5fa9f1582acb28ffb5541cfbc903483085f4d9fad389c274757daed1207300a201d98176dad6498067f0838aee07d75c95d7e2613' +
      '9add353ae5b63513032cb5aac4c3f8ce0bee1c4107960d98dc7bcd23fd6578c1f195ac109e5949a1b560a600c787062b5c8ffe02',
  );
  expect(kdfa(outerSeed, 'STORAGE', object.name, 128).toString('hex')).toBe('b4f57bac23f1fe23a00bbb3d7e130835');
  expect(kdfa(outerSeed, 'INTEGRITY', nothing, 256).toString('hex')).toBe(
    '5a5b51fd8c07230e73a94574caab5fb61db928813e5bbdecc586e0eb18b2e28b',
  );
  expect(duplicate(object, innerKey, outerSeed).toString('hex')).toBe(
    '0020bf8717e9e6b6e3bd81bfabdc4aa6a165cb87362cf6f8f4a176abf13b88fcc59e1fc614b16fe97a607f137a6107988d01ab659a005870' +
      '51cedc5485d0f18e5a55e0e8119d7e8d53d2a1f929697e599bea2264a309da5e1a7b1cbfc9f8552244e909e2e2b1d7b655fe5c5f2e483e78' +
      'caf553dd6e15dbec8ad36a7669e4771e4829cf43154f6d4d1ac05951762e',
  );
  expect(kdfa(credentialSeed, 'STORAGE', nameOfSrk, 128).toString('hex')).toBe('10bf1c377f5d7e37160a185cecfe4033');
  expect(kdfa(credentialSeed, 'INTEGRITY', nothing, 256).toString('hex')).toBe(
    '341d57cb90c0195844bb22792d813979c0281ae7df204307fb1c4f04e9e4d419',
  );
  expect(protectedCredential(innerKey, credentialSeed, nameOfSrk).toString('hex')).toBe(
    '002095a13a48d7b4d8656fbf08b0c157286dde4150fce1db8fec867e0e999f16ada6d962ad82ac3e58482e5225745411f39b1b84',
  );
});

test('an HMAC object is zeroed once it is wrapped', () => {
  const object = hmacObject(issued, seedValue);
  duplicate(object, innerKey, outerSeed);
  expect(object.sensitive).toEqual(Buffer.alloc(72));
});

const pairs: [KeyType, KeyType][] = [
  ['rsa', 'rsa'],
  ['ecc', 'ecc'],
  ['rsa', 'ecc'],
  ['ecc', 'rsa'],
];

const read = (text: string): TpmPublic => {
  const key = readStorageKey(Buffer.from(text, 'base64'));
  if (!key) throw new Error('a key of a real TPM was not read');
  return key;
};

test.each(pairs)('a TPM with an %s EK and an %s SRK takes the key out of a blob and signs with it', async (ek, srk) => {
  const tpm = await makeSwtpm();
  onTestFinished(() => tpm.stop());
  const keys = await makeKeys(tpm, ek, srk);
  const key = randomBytes(32);
  const blob = activationBlob({
    endorsementKey: read(keys.endorsementKey),
    storageRootKey: read(keys.storageRootKey),
    key,
    uri: 'scope/registrations/id',
  }).toString('base64');
  const secretSize = { rsa: 258, ecc: 70 };
  expect(structuresOf(blob).map(({ length }) => length)).toEqual([54, secretSize[ek], 144, secretSize[srk], 50, 24]);
  const sign = await activate(tpm, blob);
  const text = '0ne00000A0A%2Fregistrations%2Fdev-1\n1700000000';
  expect(await sign(text)).toEqual(createHmac('sha256', key).update(text).digest());
});

test('the name of a public area is the one that a TPM says', async () => {
  const tpm = await makeSwtpm();
  onTestFinished(() => tpm.stop());
  const keys = await makeKeys(tpm);
  for (const [handle, text] of [
    ['0x81010001', keys.endorsementKey],
    ['0x81000001', keys.storageRootKey],
  ] as const) {
    await tools(tpm)('tpm2_readpublic', '-c', handle, '-n', 'name');
    expect(read(text).name).toEqual(readFileSync(join(tpm.folder, 'name')));
  }
});

test('of a manufactured TPM the RSA-2048 endorsement key is read, and the P-384 one is not', async () => {
  const tpm = await makeSwtpm({ certificates: true });
  onTestFinished(() => tpm.stop());
  const publicOf = async (handle: string) => {
    await tools(tpm)('tpm2_readpublic', '-c', handle, '-f', 'tss', '-o', 'public');
    return readStorageKey(readFileSync(join(tpm.folder, 'public')));
  };
  expect((await publicOf('0x81010001'))?.type).toBe('rsa');
  expect(await publicOf('0x81010016')).toBeUndefined();
});
