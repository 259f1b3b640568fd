import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCsr } from '../../drivers/asn1/csr.ts';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { parse } from '../../station-core/contract/parse.ts';
import { type Profile, profileSchema } from '../../station-core/contract/profile.ts';
import { hardLimits, pem, textsOf } from '../suites/certificates.ts';
import { makeTestCa, signLinted, type TestCa } from '../suites/certificates-ca.ts';
import { type Drawn, drawRequest, makePairs } from '../suites/certificates-fuzz.ts';
import { outsideLimits } from '../suites/certificates-reading.ts';
import { long, testSeed } from '../suites/seed.ts';

// Requests and profiles from a hand that wants a certificate which it must not get: mutated bytes, keys and digests that are
// too weak, subjects of others, extensions of CAs; profiles through their schema, and past it straight to the lints.

const inputs = long ? 100_000 : 1_000;

/** What a bad request or profile may end in. */
const listed = ['input.invalid', 'ca.csr-refused', 'ca.profile', 'ca.lint'];

type Seen = { issued: Buffer[]; total: number; readonly refused: Record<string, number> };

test(`${inputs} mutated requests and profiles: no crash, no certificate outside its limits, no signature without a lint pass`, {
  timeout: inputs * 100,
}, async () => {
  const from = testSeed('certificates-inputs');
  const random = seeded(from);
  const pairs = makePairs();
  const cas = [await makeTestCa('p256'), await makeTestCa('p384'), await makeTestCa('rsa2048')];
  const seen: Seen = { issued: [], total: 0, refused: {} };
  for (let index = 0; index < inputs; index++) {
    const test = cas[index % cas.length];
    if (!test) throw new RangeError('no CA');
    const drawn = drawRequest(random, pairs);
    // Every third profile comes through its schema, as recipes do; the others go past it.
    await judged(test, drawn, index % 3 === 0, seen, { from, index, ...drawn, csr: drawn.csr.toString('base64') });
    if (seen.issued.length >= 500) readByOpenssl(seen);
  }
  readByOpenssl(seen);
  const signatures = cas.reduce((sum, { hsm }) => sum + hsm.signatures, 0);
  const lintPasses = cas.reduce((sum, { hsm }) => sum + hsm.lintPasses, 0);
  expect(signatures).toBe(lintPasses);
  expect(signatures).toBe(seen.total + 2 * cas.length);
  expect(seen.total).toBeGreaterThan(inputs / 20);
  for (const code of listed) expect(seen.refused[code]).toBeGreaterThan(0);
  process.stderr.write(
    `certificates-inputs: seed ${from}, ${seen.total} issued, refused ${JSON.stringify(seen.refused)}\n`,
  );
});

async function judged(test: TestCa, drawn: Drawn, bySchema: boolean, seen: Seen, where: object): Promise<void> {
  const { commonName, csr } = drawn;
  const answer = await asked(test, drawn, bySchema).catch((thrown: unknown) => thrown);
  if (answer instanceof StationError) {
    expect({ ...where, code: answer.code }).toEqual({ ...where, code: expect.toBeOneOf(listed) });
    seen.refused[answer.code] = (seen.refused[answer.code] ?? 0) + 1;
    return;
  }
  if (!Buffer.isBuffer(answer)) throw new Error(`crashed on ${JSON.stringify(where)}`, { cause: answer });
  const profile = drawn.profile as Profile;
  const outside = outsideLimits(answer, { commonName, csr, profile, issuer: test.issuer.rules });
  expect({ ...where, outside }).toEqual({ ...where, outside: [] });
  seen.total++;
  seen.issued.push(answer);
}

/** The way of a leaf, with the profile through its schema or as it is. */
async function asked(
  test: TestCa,
  { profile: given, csr: der, ...request }: Drawn,
  bySchema: boolean,
): Promise<Buffer> {
  const profile = bySchema ? parse(profileSchema, given, 'profile') : (given as Profile);
  const csr = readCsr(der, 'the request');
  const { linted } = test.ca.draft(test.issuer, { ...request, csr, profile });
  const signed = await signLinted(test, test.issuer, linted);
  if (signed.state !== 'issued') throw signed.error;
  return signed.der;
}

/** The second reader: openssl's own words for all that were issued since. */
function readByOpenssl(seen: Seen): void {
  const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
  try {
    writeFileSync(join(folder, 'all'), seen.issued.map(pem).join(''));
    const texts = textsOf(folder, 'all');
    expect(texts).toHaveLength(seen.issued.length);
    for (const text of texts) hardLimits(text, 'leaf');
    seen.issued = [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
