import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Pkcs11Js from 'pkcs11js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ckaNames, lawfulAttributes, requireAttributes } from '../../../../drivers/hsm/attributes.ts';
import { CKA, CKF, CKK, CKM, CKO } from '../../../../drivers/hsm/cryptoki.ts';
import type { Hsm, KeyName } from '../../../../drivers/hsm/hsm.ts';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { privateTemplate, publicTemplate, secretTemplate } from '../../../../drivers/hsm/pkcs11-templates.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

describe('the rules', () => {
  const secret = { label: 'k', id: '00', class: 'secret', type: 'CKK_GENERIC_SECRET' } as const;
  const pair = { label: 'k', id: '00', class: 'private', type: 'CKK_EC' } as const;

  test('let lawful keys pass: an imported secret, a generated one, a generated pair', () => {
    requireAttributes(lawfulAttributes({ ...secret, local: false }), false);
    requireAttributes(lawfulAttributes({ ...secret, local: true }), true);
    requireAttributes(lawfulAttributes({ ...pair, local: true }), true);
  });

  test.each(Object.keys(ckaNames) as (keyof typeof ckaNames)[])('refuse a generated key whose %s is wrong', (flag) => {
    const lawful = lawfulAttributes({ ...pair, local: true });
    const details = { attribute: ckaNames[flag], expected: lawful[flag], found: !lawful[flag] };
    const broken = { ...lawful, [flag]: !lawful[flag] };
    expect(() => requireAttributes(broken, true)).toThrow(
      expect.objectContaining({ code: 'hsm.key-attribute', details: { label: 'k', ...details } }),
    );
  });

  test('refuse an imported pair, and an imported secret where a generated one is asked for', () => {
    const attribute = expect.objectContaining({ details: expect.objectContaining({ attribute: 'CKA_LOCAL' }) });
    expect(() => requireAttributes(lawfulAttributes({ ...pair, local: false }), false)).toThrow(attribute);
    expect(() => requireAttributes(lawfulAttributes({ ...secret, local: false }), true)).toThrow(attribute);
  });
});

describe('keys that somebody else put on the token', () => {
  let token: SoftHsmToken;
  let hsm: Hsm;
  let module: Pkcs11Js.PKCS11;
  let session: Pkcs11Js.Handle;
  let name: KeyName;
  const checkValue = '0011223344556677';

  beforeAll(async () => {
    token = await makeSoftHsm();
    Object.assign(process.env, token.environment);
    const pkcs11js = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11Js;
    module = new pkcs11js.PKCS11(token.module);
    module.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    const [slot] = module.C_GetSlotList(true);
    if (slot === undefined) throw new Error('no slot');
    session = module.C_OpenSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
    module.C_Login(session, 1, token.pin().toString());
    hsm = await Pkcs11Hsm.open({ ...token, pin: token.pin() });
  });
  afterAll(async () => {
    await hsm.close();
    module.C_Finalize();
    module.close();
    await token.dispose();
  });
  beforeEach(() => {
    name = { label: `foreign-${randomBytes(4).toString('hex')}`, id: randomBytes(16).toString('hex') };
  });

  const put = (change: Pkcs11Js.Template, value = randomBytes(32)) =>
    module.C_CreateObject(session, merge([...secretTemplate(name), { type: CKA.VALUE, value }], change));
  const refusal = (attribute: string, found: boolean) => ({
    code: 'hsm.key-attribute',
    details: { label: name.label, attribute, expected: !found, found },
  });

  test('are used when they keep the rules', async () => {
    const value = randomBytes(32);
    put([], value);
    const key = { ...name, checkValue: await hsm.checkValue(name) };
    expect(await hsm.mac(key, Buffer.from('x'))).toHaveLength(32);
  });

  test.each([
    ['CKA_VERIFY', CKA.VERIFY, true],
    ['CKA_ENCRYPT', CKA.ENCRYPT, true],
    ['CKA_DECRYPT', CKA.DECRYPT, true],
    ['CKA_WRAP', CKA.WRAP, true],
    ['CKA_UNWRAP', CKA.UNWRAP, true],
    ['CKA_DERIVE', CKA.DERIVE, true],
    ['CKA_EXTRACTABLE', CKA.EXTRACTABLE, true],
    ['CKA_SENSITIVE', CKA.SENSITIVE, false],
    ['CKA_SIGN', CKA.SIGN, false],
    ['CKA_PRIVATE', CKA.PRIVATE, false],
  ])('are refused by name for %s, and shown as they are', async (attribute, type, value) => {
    put([{ type, value }]);
    await expect(hsm.mac({ ...name, checkValue }, Buffer.from('x'))).rejects.toMatchObject(refusal(attribute, value));
    await expect(hsm.checkValue(name)).rejects.toMatchObject(refusal(attribute, value));
    expect((await hsm.inspect(name)).label).toBe(name.label);
  });

  test.each([
    ['CKA_DECRYPT', CKA.DECRYPT],
    ['CKA_UNWRAP', CKA.UNWRAP],
    ['CKA_SIGN_RECOVER', CKA.SIGN_RECOVER],
    ['CKA_EXTRACTABLE', CKA.EXTRACTABLE],
  ])('of RSA are refused by name for %s, though the public key is the pinned one', async (attribute, type) => {
    const good = await hsm.generateSigningKey(`${name.label}-good`, 'rsa2048');
    module.C_GenerateKeyPair(
      session,
      { mechanism: CKM.RSA_PKCS_KEY_PAIR_GEN },
      publicTemplate(name, 'rsa2048'),
      merge(privateTemplate(name), [{ type, value: true }]),
    );
    const signing = hsm.sign({ ...name, publicKey: good.publicKey }, Buffer.alloc(32));
    await expect(signing).rejects.toMatchObject(refusal(attribute, true));
  });

  test('that are private and were imported are refused: a pair is made in the token', async () => {
    const { publicKey } = putImportedPair();
    const signing = hsm.sign({ ...name, publicKey }, Buffer.alloc(32));
    await expect(signing).rejects.toMatchObject(refusal('CKA_LOCAL', false));
  });

  test('twice under one label and id are refused as ambiguous', async () => {
    put([]);
    put([]);
    await expect(hsm.checkValue(name)).rejects.toMatchObject({ code: 'hsm.key-ambiguous' });
    await expect(hsm.destroyKey(name)).rejects.toMatchObject({ code: 'hsm.key-ambiguous' });
  });

  test('in the place of the pinned one are refused, even while that one was in use', async () => {
    const key = await hsm.importGroupKey(name.label, randomBytes(32));
    name = { label: key.label, id: key.id };
    await hsm.deriveDeviceKey(key, 'unit-1');
    const [object] = find(name);
    if (object === undefined) throw new Error('the key is not on the token');
    module.C_DestroyObject(session, object);
    put([]);
    await expect(hsm.deriveDeviceKey(key, 'unit-1')).rejects.toMatchObject({ code: 'hsm.key-differs' });
  });

  test('under a taken label keep that label taken', async () => {
    put([]);
    await expect(hsm.generateSigningKey(name.label, 'p256')).rejects.toMatchObject({ code: 'hsm.key-exists' });
  });

  test('are listed with the first rule that they break', async () => {
    put([{ type: CKA.EXTRACTABLE, value: true }]);
    const shown = (await hsm.list()).filter((key) => key.label === name.label);
    expect(shown).toEqual([
      {
        ...(await hsm.inspect(name)),
        bits: 256,
        refused: { attribute: 'CKA_EXTRACTABLE', expected: false, found: true },
      },
    ]);
  });

  test('that sign and unwrap, or neither, are listed as refused', async () => {
    put([{ type: CKA.UNWRAP, value: true }]);
    name = { label: `${name.label}-2`, id: name.id };
    put([{ type: CKA.SIGN, value: false }]);
    const refusals = (await hsm.list()).filter((key) => name.label.startsWith(key.label)).map((key) => key.refused);
    expect(refusals).toContainEqual({ attribute: 'CKA_UNWRAP', expected: false, found: true });
    expect(refusals).toContainEqual({ attribute: 'CKA_SIGN', expected: true, found: false });
  });

  test('without label or id are listed too', async () => {
    module.C_CreateObject(
      session,
      [...secretTemplate(name), { type: CKA.VALUE, value: randomBytes(32) }].filter(
        ({ type }) => type !== CKA.LABEL && type !== CKA.ID,
      ),
    );
    expect(await hsm.list()).toContainEqual(expect.objectContaining({ label: '', id: '', class: 'secret' }));
  });

  test("as data objects under an anchor's label are no anchors", async () => {
    module.C_CreateObject(session, [
      { type: CKA.CLASS, value: CKO.DATA },
      { type: CKA.TOKEN, value: true },
      { type: CKA.LABEL, value: name.label },
      { type: CKA.VALUE, value: Buffer.from('foreign') },
    ]);
    expect(await hsm.readAnchor(name.label)).toBeUndefined();
    await hsm.writeAnchor(name.label, Buffer.from('ours'));
    await hsm.writeAnchor(name.label, Buffer.from('ours, newer'));
    expect((await hsm.readAnchor(name.label))?.toString()).toBe('ours, newer');
    expect(find(name)).toHaveLength(2); // theirs, and only the newest of ours
  });

  function find({ label }: KeyName): Pkcs11Js.Handle[] {
    module.C_FindObjectsInit(session, [{ type: CKA.LABEL, value: label }]);
    const found = module.C_FindObjects(session, 10);
    module.C_FindObjectsFinal(session);
    return found;
  }

  function putImportedPair(): { publicKey: string } {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const d = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    module.C_CreateObject(session, [
      ...privateTemplate(name),
      { type: CKA.KEY_TYPE, value: CKK.EC },
      { type: CKA.EC_PARAMS, value: Buffer.from('06082a8648ce3d030107', 'hex') },
      { type: CKA.VALUE, value: d },
    ]);
    return { publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
  }
});

function merge(template: Pkcs11Js.Template, change: Pkcs11Js.Template): Pkcs11Js.Template {
  const changed = new Set(change.map(({ type }) => type));
  return [...template.filter(({ type }) => !changed.has(type)), ...change];
}
