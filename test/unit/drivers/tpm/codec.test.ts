import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cfb, kdfa, makeCredential } from '../../../../drivers/tpm/credential.ts';
import { sized } from '../../../../drivers/tpm/marshal.ts';
import { brokenKeyRule, keyObjectOf, nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { base32, registrationIds } from '../../../../drivers/tpm/registration-id.ts';
import { branchesOf, ekTemplate, isOfKind } from '../../../../drivers/tpm/templates.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';

const bytes = (from: number, to: number): Buffer =>
  Buffer.from(Array.from({ length: to - from + 1 }, (_, i) => from + i));
const none = Buffer.alloc(0);

/** Endorsement keys that were published with their registration IDs (dps-reference 9.6), and the seed documents' repaired one. */
const published = [
  {
    key: 'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAopqgkUBwtpr1sCgVJcEZxsJtpmtOAt9K7SjGFe4hsp6DJ/dd2E5UFzBC+Jp8Fzqf5ukRBkqrAgIuAvHRsruIedk1uarJSLhbDpFLHxFd7iDNcYfrvdgVNT2T9zrvkh2y04WuRQg2D5qf0tZF82jeTjR/YJK7uWhaRwWOwZ3b1XD9l6wFOrwK/Ic0PEsjneFXQzL0n9uKyuHmHNz+wHppmOiMAabvnXXEin9ou7/iowY/+YhFm3j7atsVvxMI5HEM3Mq+W4imUuzPxVX7fZH+oWPKP5ofpWBTf+MdttGby1AjGnv8JE69JriOYoZG2/4qbsfv9M7a7NFrBlaW7Rt36w==',
    id: '6rek5qncnygnkzflohxz4u6zlfly6ktm4klsc7xrbgvesqyllnfa',
  },
  {
    key: 'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAibym9HQP9vxCGF5dVc1QQsAGe021aUGJzNol1/gycBx3jFsTpwmWbISRwnFvflWd0w2Mc44FAAZNaJOAAxwZvG8GvyLlHh6fGKdh+mSBL4iLH2bZ4Ry22cB3CJVjXmdGoz9Y/j3/NwLndBxQC+baNvzvyVQZ4/A2YL7vzIIj2ik4y+ve9ir7U0GbNdnxskqK1KFIITVVtkTIYyyFTIR0BySjPrRIDj7r7Mh5uF9HBppGKQCBoVSVV8dI91lNazmSdpGWyqCkO7iM4VvUMv2HT/ym53aYlUrau+Qq87Tu+uQipWYgRdF11KDfcpMHqqzBQQ1NpOJVhrsTrhyJzO7KNw==',
    id: 't6t2cg5vnzscr7ty546hj7c7maamkggectqcxkccq637z5bvlnoa',
  },
];

test.each(published)('a published endorsement key is read, and gives the registration ID $id', ({ key, id }) => {
  const read = readPublicArea(Buffer.from(key, 'base64'), 'EK');
  expect(isOfKind(read, 'rsa2048')).toBe(true);
  expect(brokenKeyRule(read)).toBeUndefined();
  expect(keyObjectOf(read.key, 'EK').asymmetricKeyDetails).toMatchObject({
    modulusLength: 2048,
    publicExponent: 65537n,
  });
  expect(registrationIds.sdk(read.sized)).toBe(id);
  expect(registrationIds['sha256-hex'](read.sized)).toMatch(/^[0-9a-f]{64}$/);
});

test('base32 is the lower-case one of RFC 4648 without padding', () => {
  const vectors = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text)));
  expect(vectors).toEqual(['', 'my', 'mzxq', 'mzxw6', 'mzxw6yq', 'mzxw6ytb', 'mzxw6ytboi']);
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(base32(Buffer.from(empty, 'hex'))).toBe('4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq');
});

/** The documents' three printed keys are damaged, each in its own way (seed inventory V-07). */
const damaged = [
  'AToAAQALAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMuaaoABgCAAEMAEAgAAAAAAEAxsj2gUScTk1UjuioeTlfGYZrrimExB+bScH75adUMRIi2UOMxG1kw4y+9RW/IVoMl4e620VxZad0ARX2guqvjY07KPvt3dyKhZS3dkcvfBisBhP1XH9B33VqHG9SHnbnQXdBuacgKAfxome8UmBKfe+naTsE5fkvjb/do3/dD614sGBwFCnKRdln4XpM03zLpoHFa08z0wt81/uP3qUIxmCYv9A7m69Ms+5/pCkTu/rK4mRDsfhZ0QLfbzVI6zQFOKF/rwsfBtFeWlWtcuJMK1XdD8TXWE1Tzgh7JS4qhFzreL0c1mI0GCj+Aws0usZh7dLIVPnlgZcBhgy1SSDQM==',
  'AToAAQALAAASgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAsj2gUScTk1UjuioeT1fGYZrrimExB+bScH75adUMRIi2UOMxG1kw4y+9RW/IVoM14e620VxZad0ARX2gUqVjY07KPvt3dyKhZS3dkcvfBisBhP1XH9B33VqHG9SHnbnQXdBuACgKAfxome8UmBKfe+naTsE5fkvb/bo3/dD614sGBwFCnKRdln4XpM03zLpoHFaoz0wt8l/uP3qUIxmCYv9A7m69Ms+5/pCkTu/rK4mRDsfhZ0QLfbzVI6zQFOKF/rwsfBtFeWlWtcuJMK1XdD8TXWE1Tzgh7JS4qhFzreL0c1mI0GCj+Aws0usZh7dLIVPnlgZcBhgy1SSDQM==',
];
test.each(damaged)('a damaged key of the documents is refused (F-93)', (key) => {
  expect(() => readPublicArea(Buffer.from(key, 'base64'), 'EK')).toThrow(StationError);
});

describe('a public area', () => {
  const good = Buffer.from(published[0]?.key ?? '', 'base64');
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(good);
    copy[at] = value;
    return copy;
  };

  test.each([
    ['without its size prefix', good.subarray(2), /the public area/],
    ['that is cut short', good.subarray(0, -1), /the public area/],
    ['with a byte behind it', Buffer.concat([good, Buffer.of(0)]), /its end/],
    ['of another type', changed(3, 8), /its type: expected RSA/],
    ['with an unknown hash', changed(5, 4), /its name algorithm/],
    ['with a policy that is no digest', changed(11, 0x1f), /its policy/],
    ['with another cipher', changed(45, 7), /symmetric algorithm/],
    ['with another mode', changed(49, 0x42), /symmetric mode/],
    ['with another key size', changed(52, 0), /key size/],
    ['that is nothing', none, /the public area/],
  ])('%s is refused with its place', (_, area, rule) => {
    expect(() => readPublicArea(area, 'EK')).toThrow(rule);
  });

  test.each([
    ['fixedTPM', 9, 0xb0],
    ['fixedParent', 9, 0xa2],
    ['restricted', 7, 0x02],
    ['decrypt', 7, 0x01],
  ])('without %s is no key that a challenge may be bound to', (rule, at, value) => {
    expect(brokenKeyRule(readPublicArea(changed(at, value), 'EK'))).toContain(rule);
  });

  test('that may sign is none either', () => {
    expect(brokenKeyRule(readPublicArea(changed(7, 0x07), 'EK'))).toContain('sign');
  });

  test('with an even modulus, or a point that is not on its curve, is no key', () => {
    expect(() => keyObjectOf(readPublicArea(changed(315, 0xea), 'EK').key, 'EK')).toThrow(/an RSA public key/);
    const point = { type: 'ec', curve: 'p256', x: Buffer.alloc(32, 1), y: Buffer.alloc(32, 2) } as const;
    expect(() => keyObjectOf(point, 'EK')).toThrow(/a point on its curve/);
  });

  test('has the Name of its algorithm and digest', () => {
    expect(nameOf(readPublicArea(good, 'EK')).toString('hex')).toMatch(/^000b[0-9a-f]{64}$/);
  });
});

test('the low range RSA template is the documented one, byte for byte (dps-reference 9.2)', () => {
  const prefix = 'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEA';
  const template = sized(ekTemplate('rsa2048'));
  expect(template).toHaveLength(316);
  expect(template.toString('base64').startsWith(prefix)).toBe(true);
  expect(sized(ekTemplate('p256')).toString('base64')).toMatch(/^AHoAIwALAAMAsgAgg3GXZ0SEs/);
});

test('PolicyB is the PolicyOR of the branches that activate by it', async () => {
  const { createHash } = await import('node:crypto');
  for (const kind of ['high-p256', 'high-p384'] as const) {
    const { area } = { area: ekTemplate(kind) };
    const hash = kind === 'high-p256' ? 'sha256' : 'sha384';
    const length = hash === 'sha256' ? 32 : 48;
    const authPolicy = area.subarray(10, 10 + length);
    const branches = branchesOf({ nameAlgorithm: hash, authPolicy } as never) ?? [];
    // Part 3, 23.6: a fresh policy digest, the command code, then the branches.
    const digest = createHash(hash)
      .update(Buffer.alloc(length))
      .update(Buffer.of(0, 0, 1, 0x71))
      .update(Buffer.concat(branches));
    expect(branches).toHaveLength(2);
    expect(digest.digest()).toEqual(authPolicy);
  }
});

// dps-reference 9.4, the symmetric parts: the same derivations stand behind the service's blob.
test('KDFa, CFB and the integrity of a credential are those of the documented vector', () => {
  const seed = bytes(0x80, 0x9f);
  const name = Buffer.concat([Buffer.of(0, 0x0b), bytes(0xa0, 0xbf)]);
  const symmetric = kdfa('sha256', seed, 'STORAGE', name, none, 128);
  const integrity = kdfa('sha256', seed, 'INTEGRITY', none, none, 256);
  expect(symmetric.toString('hex')).toBe('10bf1c377f5d7e37160a185cecfe4033');
  expect(integrity.toString('hex')).toBe('341d57cb90c0195844bb22792d813979c0281ae7df204307fb1c4f04e9e4d419');
  const identity = cfb(symmetric, sized(bytes(0, 0x0f)));
  expect(identity.toString('hex')).toBe('d962ad82ac3e58482e5225745411f39b1b84');
  const outer = createHmac('sha256', integrity).update(identity).update(name).digest();
  expect(Buffer.concat([sized(outer), identity]).toString('hex')).toBe(
    '002095a13a48d7b4d8656fbf08b0c157286dde4150fce1db8fec867e0e999f16ada6d962ad82ac3e58482e5225745411f39b1b84',
  );
});

test('a credential holds a digest of the key’s name algorithm at most', () => {
  const ek = readPublicArea(Buffer.from(published[0]?.key ?? '', 'base64'), 'EK');
  const name = nameOf(ek);
  const { credential, secret } = makeCredential(ek, name, bytes(1, 32));
  expect([credential.length, secret.length]).toEqual([2 + 2 + 32 + 34, 2 + 256]);
  expect(() => makeCredential(ek, name, bytes(1, 33))).toThrow(RangeError);
});
