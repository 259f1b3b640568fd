import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../drivers/hsm/pkcs11.ts';
import { Exported } from '../../suites/exported.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../suites/softhsm.ts';
import { TestStation } from '../../suites/station.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

// Exports that programs of others check: @sigstore/verify 3.1.1, whose modules for checkpoints and proofs are written against Rekor,
// and openssl. The log's keys are in SoftHSM.

type TransparencyLog = { readonly logID: Buffer; readonly baseURL: string; readonly publicKey: unknown };
type Checkpoint = { readonly logSize: bigint; readonly logHash: Buffer };
type Sigstore = {
  verifyCheckpoint(entry: object, logs: readonly TransparencyLog[]): Checkpoint;
  verifyMerkleInclusion(entry: object, checkpoint: Checkpoint): void;
};
const require = createRequire(import.meta.url);
const { verifyCheckpoint, verifyMerkleInclusion } = {
  ...(require('@sigstore/verify/dist/tlog/checkpoint.js') as object),
  ...(require('@sigstore/verify/dist/tlog/merkle.js') as object),
} as Sigstore;

let token: SoftHsmToken;
let line: TestStation;
let files: Exported;
beforeAll(async () => {
  token = await makeSoftHsm('birthmark-export');
  const { module, tokenLabel, environment } = token;
  const hsm = () => Pkcs11Hsm.open({ module, tokenLabel, environment, pin: token.pin() });
  line = await TestStation.open({ lanes: 1, hsm });
  const { labels, name } = await line.order('symmetric-group', 2);
  for (const label of labels) await line.scan(1, label);
  const { folder } = await line.as('auditor', 'audit.export', { format: 'jsonl', order: name });
  files = new Exported(join(line.folder, 'exports', folder));
});
afterAll(async () => {
  await line.close();
  await token.dispose();
});

const spkiOf = (half: 'publicKey' | 'edPublicKey') => Buffer.from(line.station.heads.keys()[0]?.[half] ?? '', 'base64');

/** The log as sigstore knows logs: the name of the key is part of its URL, the ID begins with the one of the note's line. */
function known(half: 'publicKey' | 'edPublicKey'): TransparencyLog {
  const key = spkiOf(half);
  const origin = line.station.row.origin;
  const ed25519 = Buffer.concat([Buffer.from(`${origin}\n`), Buffer.from([1]), key.subarray(12)]);
  const logID = createHash('sha256')
    .update(half === 'publicKey' ? key : ed25519)
    .digest();
  return { logID, baseURL: `https://${origin}`, publicKey: createPublicKey({ key, format: 'der', type: 'spki' }) };
}

/** An entry as sigstore takes one, with its proof. */
const entryOf = (bytes: string, { index, hashes }: { index: number; hashes: string[] }, note: string) => ({
  canonicalizedBody: Buffer.from(bytes),
  inclusionProof: {
    logIndex: String(index),
    hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
    checkpoint: { envelope: note },
  },
});

test.each(['publicKey', 'edPublicKey'] as const)('sigstore accepts the checkpoint by its %s', (half) => {
  const note = files.text('checkpoint');
  const entry = entryOf('', { index: 0, hashes: [] }, note);
  const { logSize, logHash } = verifyCheckpoint(entry, [known(half)]);
  expect([String(logSize), logHash.toString('base64')]).toEqual(note.split('\n').slice(1, 3));
  const changed = note.replace(/\n\d+\n/, '\n1\n');
  expect(() => verifyCheckpoint(entryOf('', { index: 0, hashes: [] }, changed), [known(half)])).toThrow(/signature/);
});

test('sigstore accepts the proof of every entry of a partial export, and of no other bytes', () => {
  const note = files.text('checkpoint');
  const proofs = files.lines<{ index: number; hashes: string[] }>('proofs.jsonl');
  const texts = files.text('entries.jsonl').split('\n').slice(0, -1);
  expect(texts.length).toBeGreaterThan(6);
  for (const [at, text] of texts.entries()) {
    const proof = proofs[at] ?? { index: -1, hashes: [] };
    const entry = entryOf(text, proof, note);
    const checkpoint = verifyCheckpoint(entry, [known('publicKey')]);
    expect(() => verifyMerkleInclusion(entry, checkpoint)).not.toThrow();
    const forged = entryOf(text.replace('"ok"', '"no"'), proof, note);
    expect(() => verifyMerkleInclusion(forged, checkpoint)).toThrow(/root hash/);
  }
});

test('sigstore accepts the seal: the entry that names the manifest is in the log', () => {
  const { entry: text, index, inclusion, note } = files.seal;
  const entry = entryOf(text, { index, hashes: [...inclusion] }, note);
  expect(() => verifyMerkleInclusion(entry, verifyCheckpoint(entry, [known('publicKey')]))).not.toThrow();
});

test('openssl verifies both signatures of the checkpoint, and neither over another text', () => {
  const folder = temporaryFolder();
  const note = files.text('checkpoint');
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const [ecdsa, ed25519] = [...note.matchAll(/^— \S+ (\S+)$/gm)].map(([, base64]) =>
    Buffer.from(base64 ?? '', 'base64'),
  );
  const put = (name: string, bytes: string | Buffer) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const pem = (half: 'publicKey' | 'edPublicKey') =>
    put(
      half,
      createPublicKey({ key: spkiOf(half), format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }),
    );
  const [good, bad] = [put('text', text), put('other', text.replace(/\n\d+\n/, '\n1\n'))];
  const der = put('ecdsa', ecdsa?.subarray(4) ?? '');
  const raw = put('ed25519', ed25519?.subarray(4) ?? '');
  const openssl = (...args: string[]) => String(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }));
  const byEcdsa = (file: string) => openssl('dgst', '-sha256', '-verify', pem('publicKey'), '-signature', der, file);
  const byEd25519 = (file: string) =>
    openssl('pkeyutl', '-verify', '-pubin', '-inkey', pem('edPublicKey'), '-rawin', '-in', file, '-sigfile', raw);
  expect(byEcdsa(good)).toMatch(/Verified OK/);
  expect(byEd25519(good)).toMatch(/Verified Successfully/);
  expect(() => byEcdsa(bad)).toThrow();
  expect(() => byEd25519(bad)).toThrow();
});
