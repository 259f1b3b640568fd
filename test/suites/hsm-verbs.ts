import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Pkcs11Hsm } from '../../drivers/hsm/pkcs11.ts';
import { wrapWithOpenssl } from './openssl-wrap.ts';
import type { Fault } from './pkcs11-faults.ts';

/** One verb of the HSM as a trial: `act` does it once; true when its answer, or what it left in the token, is right. */
export type Trial = {
  readonly name: string;
  readonly act: () => Promise<boolean>;
  /** What goes wrong first, so that the functions of a step of the ladder are called. */
  readonly first?: readonly Fault[];
};

/** Trials of every verb, each of which knows the right answer without the HSM. */
export async function verbTrials(hsm: Pkcs11Hsm): Promise<Trial[]> {
  const bytes = randomBytes(64);
  const group = await hsm.importGroupKey('trial-group', bytes);
  const pair = await hsm.generateSigningKey('trial-pair', 'p256');
  const sealing = await hsm.generateSigningKey('trial-seal', 'hmac-sha256');
  const unwrapping = await hsm.generateUnwrappingKey('trial-unwrap');
  const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha1');
  const sealed = await hsm.seal(sealing, 'x', bytes, Buffer.alloc(0));
  const before = { group: await hsm.inspect(group), list: await hsm.list() };
  const digest = createHash('sha256').update('x').digest();
  const spki = createPublicKey({ key: Buffer.from(pair.publicKey, 'base64'), type: 'spki', format: 'der' });
  const key = { key: spki, dsaEncoding: 'ieee-p1363' } as const;
  let count = 0;
  const fresh = () => `trial-${++count}`;
  const derives = async (of = group) => {
    const expected = createHmac('sha256', bytes).update('unit-1').digest();
    return (await hsm.deriveDeviceKey(of, 'unit-1')).equals(expected);
  };
  /** A key that was made is right, and goes again. */
  const made = async (ref: Awaited<ReturnType<typeof hsm.importGroupKey>>, right: () => Promise<boolean>) => {
    const good = await right();
    await hsm.destroyKey(ref);
    return good;
  };
  return [
    { name: 'deriveDeviceKey', act: () => derives() },
    { name: 'sign', act: async () => verify('sha256', Buffer.from('x'), key, await hsm.sign(pair, digest)) },
    {
      name: 'unseal',
      act: async () => (await hsm.unseal(sealing, 'x', sealed, Buffer.alloc(0))).equals(bytes),
    },
    {
      name: 'seal',
      act: async () => {
        const made = await hsm.seal(sealing, 'x', bytes, Buffer.alloc(0));
        return (await hsm.unseal(sealing, 'x', made, Buffer.alloc(0))).equals(bytes);
      },
    },
    { name: 'checkValue', act: async () => (await hsm.checkValue(group)) === group.checkValue },
    { name: 'inspect', act: async () => isSame(await hsm.inspect(group), before.group) },
    {
      name: 'list',
      act: async () => {
        const found = await hsm.list();
        return before.list.every((wanted) => found.some((one) => isSame(one, wanted)));
      },
    },
    { name: 'random', act: async () => (await hsm.random(32)).some((byte) => byte !== 0) },
    {
      name: 'anchors',
      act: async () => {
        const value = Buffer.from(fresh());
        await hsm.writeAnchor('trial-anchor', value);
        return (await hsm.readAnchor('trial-anchor'))?.equals(value) ?? false;
      },
    },
    {
      name: 'importGroupKey',
      act: async () => {
        const ref = await hsm.importGroupKey(fresh(), bytes);
        return made(ref, () => derives(ref));
      },
    },
    {
      name: 'unwrapGroupKey',
      act: async () => {
        const ref = await hsm.unwrapGroupKey(fresh(), unwrapping, wrapped);
        return made(ref, () => derives(ref));
      },
    },
    {
      name: 'generateSigningKey',
      act: async () => {
        const ref = await hsm.generateSigningKey(fresh(), 'hmac-sha256');
        return made(ref, async () => (await hsm.checkValue(ref)) === ref.checkValue);
      },
    },
    {
      name: 'generateSigningKey of a pair',
      act: async () => {
        const ref = await hsm.generateSigningKey(fresh(), 'p256');
        await hsm.sign(ref, digest);
        await hsm.destroyKey(ref);
        return (await hsm.list()).every((one) => one.id !== ref.id);
      },
    },
    { name: 'a new login', first: [{ call: 'C_SignInit', closeSessions: true }], act: () => derives() },
    { name: 'a new begin', first: [{ call: 'C_SignInit', code: 0x30 }], act: () => derives() },
    {
      name: 'a new process',
      first: [
        { call: 'C_SignInit', code: 0x30 },
        { call: 'C_Finalize', code: 0x30 },
      ],
      act: () => derives(),
    },
  ];
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
