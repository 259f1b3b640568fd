// Requests and profiles that nobody should make, drawn from a seed.
import { keyUsages } from '../../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../../drivers/asn1/names.ts';
import { type Random, whole } from '../../drivers/simulated/unit/random.ts';
import { type CertificateKeyAlgorithm, keyAlgorithms, type Profile } from '../../station-core/contract/profile.ts';
import {
  asksCa,
  asksCertSign,
  asksOther,
  type Maker,
  makeCsr,
  makers,
  multiRdn,
  type Pair,
  type Wish,
} from './issuing-csrs.ts';

export type Drawn = {
  readonly what: string;
  readonly csr: Buffer;
  readonly commonName: string;
  readonly algorithm: CertificateKeyAlgorithm;
  readonly profile: unknown;
};

const pick = <T>(random: Random, of: readonly T[]): T => of[whole(random, of.length)] as T;
const often = (random: Random, share: number): boolean => random() < share;

/** Two pairs of every kind: making one takes longer than everything else. */
export function makePairs(): ReadonlyMap<Maker, readonly Pair[]> {
  const names = Object.keys(makers) as Maker[];
  return new Map(names.map((name): [Maker, Pair[]] => [name, [makers[name](), makers[name]()]]));
}

const commonNames = ['unit-1', 'sn-0001-mac-02:00:00:00:00:01', 'A.b_c', 'x'.repeat(64), 'a:b'] as const;
const good: Profile = { validityDays: 365, renewal: 'by hand' };

/** One request with its profile: one of them bad, both, or none. */
export function drawRequest(random: Random, pairs: ReadonlyMap<Maker, readonly Pair[]>): Drawn {
  const commonName = pick(random, commonNames);
  const maker = often(random, 0.75)
    ? pick(random, ['p256', 'p384', 'rsa2048'] as const)
    : pick(random, [...pairs.keys()]);
  const algorithm =
    often(random, 0.9) && (keyAlgorithms as readonly string[]).includes(maker) ? maker : pick(random, keyAlgorithms);
  const [pair, other] = pairs.get(maker) ?? [];
  if (!pair || !other) throw new RangeError(maker);
  const spoiled = often(random, 0.2);
  const spoil = (info: Buffer) => mutate(random, info);
  const made = makeCsr({ ...drawWish(random, commonName, pair, other), ...(spoiled ? { spoil } : {}) });
  const broken = often(random, 0.25);
  const csr = broken ? mutate(random, made) : made;
  const profile = often(random, 0.4) ? good : drawProfile(random);
  return {
    what: `${maker} for ${algorithm}${spoiled ? ', spoiled' : ''}${broken ? ', mutated' : ''}`,
    csr,
    commonName,
    algorithm: algorithm as CertificateKeyAlgorithm,
    profile,
  };
}

function drawWish(random: Random, commonName: string, pair: Pair, other: Pair): Wish {
  const subject = often(random, 0.7) ? cn(commonName) : pick(random, subjects(commonName));
  const extensions = often(random, 0.3)
    ? pick(random, [[asksCa], [asksCertSign], [asksCa, asksCertSign], [asksOther]])
    : undefined;
  return {
    subject,
    pair,
    ...(extensions ? { extensions } : {}),
    ...(often(random, 0.1) ? { signer: other.privateKey } : {}),
    ...(often(random, 0.2) ? { hash: pick(random, ['sha1', 'sha384', 'sha512']) } : {}),
    ...(often(random, 0.05) ? { challenge: Buffer.alloc(whole(random, 3000), 'x') } : {}),
  };
}

const cn = (value: string): Name => [{ type: 'CN', value }];
const subjects = (commonName: string): readonly (Name | Buffer)[] => [
  cn('another'),
  cn(commonName.toUpperCase()),
  [],
  [...cn(commonName), ...cn(commonName)],
  [...cn(commonName), ...cn('another')],
  [{ type: 'O', value: 'CA' }, ...cn(commonName)],
  [{ type: 'emailAddress', value: 'a@b.c' }, ...cn(commonName)],
  Array.from({ length: 70 }, () => ({ type: 'OU', value: 'many' })),
  multiRdn(commonName, 'CA'),
  encodeName([{ type: '1.2.3.4', value: 'y'.repeat(1000) }, ...cn(commonName)]),
];

/** Bits flipped, bytes put in, taken out, doubled, or everything cut off. */
export function mutate(random: Random, bytes: Buffer): Buffer {
  let made = Buffer.from(bytes);
  for (let turns = 1 + whole(random, 3); turns > 0; turns--) {
    const at = whole(random, made.length);
    const kind = whole(random, 6);
    if (kind === 0) made[at] = (made[at] ?? 0) ^ (1 << whole(random, 8));
    else if (kind === 1) made[at] = whole(random, 256);
    else if (kind === 2) made = Buffer.concat([made.subarray(0, at), Buffer.of(whole(random, 256)), made.subarray(at)]);
    else if (kind === 3) made = Buffer.concat([made.subarray(0, at), made.subarray(at + 1 + whole(random, 4))]);
    else if (kind === 4) made = Buffer.concat([made.subarray(0, at), made.subarray(at, at + 20), made.subarray(at)]);
    else made = made.subarray(0, Math.max(1, at));
  }
  return made;
}

const oids = [
  '2.5.29.19',
  '2.5.29.15',
  '2.5.29.37',
  '2.5.29.14',
  '2.5.29.35',
  '2.5.29.17',
  '2.5.29.30',
  '1.2.3.4',
  '2.999.1',
  '1.3.6.1.5.5.7.1.14',
  '2.16.840.1.113730.1.1',
  '9.9.9',
  '1',
  '',
  '1.2.3.4.4294967296',
  '1.2.03',
  'CA',
  `1.2${'.3'.repeat(40)}`,
] as const;
const values = ['30030101ff', '03020106', '30060604551d2500', '3000', '0c0141', '04', '', 'ff'.repeat(2000)] as const;
const usages = [
  'clientAuth',
  'serverAuth',
  'anyExtendedKeyUsage',
  'codeSigning',
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.9',
  '1.2.3.4.5',
  'nonsense',
  '',
] as const;
const texts = ['Works', '', 'x'.repeat(129), 'a\0b', 'CN=evil', '\ud800', 'DE', 'de'] as const;

/** Of the form of a profile, so that it can be given past its schema, and of any content. */
export function drawProfile(random: Random): object {
  const maybe = (share: number, fields: () => object): object => (often(random, share) ? fields() : {});
  const some = <T>(of: readonly T[], most: number) =>
    Array.from({ length: whole(random, most + 1) }, () => pick(random, of));
  return {
    validityDays: pick(random, [1, 365, 730, 3_640, 3_651, 9_999_999, 0, -1, 0.5, 36_525]),
    renewal: 'by hand',
    ...maybe(0.4, () => ({ csrSubject: pick(random, ['refuse', 'override']) })),
    ...maybe(0.3, () => ({ keyUsage: some(keyUsages, 4) })),
    ...maybe(0.4, () => ({
      extendedKeyUsage: often(random, 0.5) ? ['clientAuth', ...some(usages, 2)] : some(usages, 3),
    })),
    ...maybe(0.3, () => ({
      subject: Object.fromEntries(
        some(['C', 'ST', 'L', 'O', 'OU', 'CN'], 3).map((type) => [type, pick(random, texts)]),
      ),
    })),
    ...maybe(0.4, () => ({
      extensions: some(oids, 3).map((oid) => ({ oid, critical: often(random, 0.5), value: drawValue(random) })),
    })),
    ...maybe(0.02, () => ({ unknown: 1 })),
  };
}

const drawValue = (random: Random): string =>
  often(random, 0.05) ? '!no base64!' : Buffer.from(pick(random, values), 'hex').toString('base64');
