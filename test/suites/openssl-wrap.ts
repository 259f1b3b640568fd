import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Wraps a key as its owner would, with RSA-OAEP by the openssl program. `publicKey`: base64 of a DER SubjectPublicKeyInfo. */
export async function wrapWithOpenssl(publicKey: string, key: Buffer, hash: 'sha1' | 'sha256'): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-wrap-'));
  const path = (name: string) => join(folder, name);
  try {
    await writeFile(path('owner.der'), Buffer.from(publicKey, 'base64'));
    await writeFile(path('key'), key);
    const oaep = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
    await run('openssl', [
      ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', path('owner.der')],
      ...oaep.flatMap((option) => ['-pkeyopt', option]),
      ...['-in', path('key'), '-out', path('wrapped')],
    ]);
    return await readFile(path('wrapped'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
