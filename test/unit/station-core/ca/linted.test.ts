import { expect, test } from 'vitest';
import { readCsr } from '../../../../drivers/asn1/csr.ts';
import { Intended } from '../../../../station-core/ca/intended.ts';
import { Linted } from '../../../../station-core/ca/linted.ts';
import { leafRules } from '../../../../station-core/ca/profile.ts';
import { makeTestCa, now, prefix } from '../../../suites/certificates-ca.ts';
import { plainCsr } from '../../../suites/issuing-csrs.ts';

const test1 = await makeTestCa();
const { ca, issuer, hsm } = test1;
const profile = { validityDays: 30, renewal: 'by hand' };
const { publicKey } = readCsr(plainCsr('unit-1'), 'test');
const rules = leafRules(profile, issuer, { purpose: 'leaf', commonName: 'unit-1', key: publicKey }, now, prefix);
const linted = ca.lint(rules);
const intended = Intended.by(linted, () => 7);

/** Things that look like one. */
const forgeries = <T extends object>(real: T): [string, unknown][] => [
  ['a copy of its fields', { ...real }],
  ['an object of its class that no constructor made', Object.create(Object.getPrototypeOf(real) as object)],
  ['its fields on that', Object.assign(Object.create(Object.getPrototypeOf(real) as object) as object, real)],
  ['an object that inherits from a real one', Object.create(real)],
  ['a proxy of a real one', new Proxy(real, {})],
  ['its JSON', JSON.parse(JSON.stringify(real))],
  ['nothing', undefined],
  ['null', null],
  ['text', 'linted'],
];

test.each(forgeries(linted))('what passed the lints cannot be forged by %s', async (_, forged) => {
  expect(Linted.is(forged)).toBe(false);
  expect(() => Intended.by(forged as Linted, () => 1)).toThrow(TypeError);
});

test.each(forgeries(intended))('what is written down cannot be forged by %s, and is not signed', async (_, forged) => {
  const before = hsm.signatures;
  expect(Intended.is(forged)).toBe(false);
  await expect(ca.sign(hsm, issuer, forged as Intended)).rejects.toThrow(TypeError);
  expect(hsm.signatures).toBe(before);
});

test('their constructors are closed to the compiler, and to whoever goes round it', () => {
  // @ts-expect-error the constructor is private
  expect(() => new Linted(linted.bytes, linted.tbs, linted.rules)).toThrow(TypeError);
  // @ts-expect-error the constructor is private
  expect(() => new Intended(1, linted)).toThrow(TypeError);
  expect(() => Reflect.construct(Linted, [Symbol('Linted.of'), linted.bytes, linted.tbs, linted.rules])).toThrow(
    TypeError,
  );
  expect(() => Reflect.construct(Intended, [Symbol('Intended.by'), 1, linted])).toThrow(TypeError);
});

test('a look-alike does not pass the compiler', () => {
  const { bytes, tbs } = linted;
  // @ts-expect-error the private field is missing
  const forgedLinted: Linted = { bytes, tbs, rules };
  // @ts-expect-error the private field is missing
  const forgedIntended: Intended = { id: 1, linted };
  // @ts-expect-error a linted TBS is not written down yet
  const unwritten: Intended = linted;
  expect([Linted.is(forgedLinted), Intended.is(forgedIntended), Intended.is(unwritten)]).toEqual([false, false, false]);
});

test('an intent that could not be written is no intent', () => {
  const full = () => {
    throw new RangeError('the disk is full');
  };
  expect(() => Intended.by(linted, full)).toThrow(RangeError);
});

test('bytes that cannot be read back are not linted', () => {
  expect(() => Linted.of(linted.bytes.subarray(1), rules)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  expect(() => Linted.of(Buffer.concat([linted.bytes, Buffer.of(0)]), rules)).toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
});
