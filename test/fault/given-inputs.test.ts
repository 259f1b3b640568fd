// What comes from a third-party PKI or a vendor, changed at random places: all of it is taken as it was, or none, with the place.
import { afterAll, expect, test } from 'vitest';
import { passPhraseOf } from '../../drivers/asn1/encrypted.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { anchorsOf, type Entry, keyedEntries, listedEntries, zeroKeys } from '../../station-core/store-entries.ts';
import { KeyFiles } from '../suites/key-files.ts';
import { long, testSeed } from '../suites/seed.ts';
import { Pki } from '../suites/x509-chains.ts';

const count = long ? 100_000 : 1_000;
const from = testSeed('given inputs');
const random = seeded(from);
const whole = (below: number) => Math.floor(random() * below);
const slowest = 1_000;

const pki = new Pki();
const files = new KeyFiles();
afterAll(() => {
  pki.remove();
  files.remove();
});
const root = pki.authority('Mutated Root');
const signer = pki.authority('Mutated CA', { issuer: root });
const [one, two] = ['mu-1', 'mu-2'].map((name) => pki.device(name, { issuer: signer })) as [
  ReturnType<Pki['device']>,
  ReturnType<Pki['device']>,
];
const anchors = anchorsOf(root.cert, true);
const phrase = passPhraseOf(Buffer.from('words'));
// A minute from now: openssl begins a certificate with the second in which it makes it.
const at = Date.now() + 60_000;

/** One to three changes: a flipped bit, a stretch cut out or doubled, a block moved, an end. */
function mutate(good: Buffer): Buffer {
  let bytes = Buffer.from(good);
  for (let changes = 1 + whole(3); changes > 0 && bytes.length > 0; changes -= 1) {
    const here = whole(bytes.length);
    const end = Math.min(bytes.length, here + 1 + whole(60));
    const flipped = Buffer.of((bytes[here] ?? 0) ^ (1 << whole(8)));
    const kinds = [
      () => Buffer.concat([bytes.subarray(0, here), flipped, bytes.subarray(here + 1)]),
      () => Buffer.concat([bytes.subarray(0, here), flipped, bytes.subarray(here + 1)]),
      () => Buffer.concat([bytes.subarray(0, here), bytes.subarray(end)]),
      () => Buffer.concat([bytes.subarray(0, end), bytes.subarray(here)]),
      () => Buffer.concat([bytes.subarray(here), bytes.subarray(0, here)]),
      () => bytes.subarray(0, here),
    ];
    bytes = Buffer.from((kinds[whole(kinds.length)] ?? (() => bytes))());
  }
  return bytes;
}

const shown = (entries: readonly Entry[]) =>
  entries.map(
    ({ registrationId, given, pkcs8 }) =>
      `${registrationId} ${given.leaf.certificate.toString('hex')} ${pkcs8?.toString('hex') ?? ''}`,
  );

/** Reads mutated bytes again and again; what is taken is a part of what was there, entry by entry unchanged. */
async function survives(
  good: Buffer,
  read: (bytes: Buffer) => Promise<readonly Entry[]> | readonly Entry[],
): Promise<void> {
  const wanted = new Set(shown(await read(good)));
  let taken = 0;
  for (let n = 0; n < count; n += 1) {
    const bytes = mutate(good);
    const began = performance.now();
    try {
      const entries = await read(bytes);
      expect({ from, n, false: shown(entries).filter((entry) => !wanted.has(entry)) }).toEqual({ from, n, false: [] });
      zeroKeys(entries);
      taken += 1;
    } catch (thrown) {
      const named = thrown instanceof StationError && (thrown.details.place ?? thrown.details.which) !== undefined;
      if (!named) throw new Error(`seed ${from}, input ${n}: ${bytes.toString('base64')}`, { cause: thrown });
    }
    expect(performance.now() - began).toBeLessThan(slowest);
  }
  process.stderr.write(`given inputs: seed ${from}, ${taken} of ${count} were still good\n`);
}

const timeout = long ? 3_600_000 : 120_000;

test.each([
  ['PKCS#12', () => files.pkcs12(one, [signer], 'words')],
  ['older PKCS#12', () => files.pkcs12(one, [signer], 'words', '-legacy')],
  ['PEM bundles', () => Buffer.from(one.key + one.cert + signer.cert + two.key + two.cert)],
  ['PEM bundles with encrypted keys', () => Buffer.from(files.encrypted(one, 'words') + one.cert + signer.cert)],
])(`${count} mutated %s: unchanged entries or none, in less than a second each`, { timeout }, async (_, make) => {
  await survives(make(), (bytes) => keyedEntries([{ name: 'file', bytes }], phrase, anchors, at));
});

test(`${count} mutated vendor lists: unchanged entries or none`, { timeout }, async () => {
  const cell = ({ cert }: typeof one) => cert.replace(/-----[^-]+-----|\n/g, '');
  const list = `serial,certificate\n1,${cell(one)}\n2,"${two.cert}"\n`;
  const both = anchorsOf(signer.cert + root.cert, true);
  await survives(Buffer.from(list), (bytes) => listedEntries(bytes.toString('utf8'), 'list', both, at));
  await survives(Buffer.from(one.cert + signer.cert + two.cert), (bytes) =>
    listedEntries(bytes.toString('utf8'), 'list', anchors, at),
  );
});

test(`${count} mutated anchors are CA certificates or refused`, { timeout }, async () => {
  const good = Buffer.from(signer.cert + root.cert);
  for (let n = 0; n < count; n += 1) {
    const bytes = mutate(good);
    try {
      anchorsOf(bytes.toString('latin1'), true);
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw new Error(`seed ${from}, input ${n}`, { cause: thrown });
    }
  }
});
