import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificate } from '../drivers/asn1/certificate.ts';
import { pinOf } from './ca/given.ts';

/** Whoever signs certificates elsewhere, for practice: a key, its root as PEM, and how recipes pin that. */
export type PracticeMaker = { readonly key: KeyObject; readonly root: string; readonly pin: string };

/** The maker that is kept in a folder, so that a later practice trusts the same one; or a new one, whose root `certify` signs (PEM). */
export function keptMaker(home: string, certify: (key: KeyObject) => string): PracticeMaker {
  const file = (name: string) => join(home, name);
  if (!existsSync(file('root.pem'))) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(file('root.pem'), certify(privateKey));
  }
  const key = createPrivateKey(readFileSync(file('key.pem')));
  const root = readFileSync(file('root.pem'), 'latin1');
  return { key, root, pin: pinOf(readCertificate(Buffer.from(root, 'latin1'), home)) };
}
