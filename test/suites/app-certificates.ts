import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const phrase = 'a long pass phrase';

/** Certificates of applications, by the openssl command, each with its key under the pass phrase. */
export class AppCertificates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** NAME.crt and NAME.key. */
  make(name: string, algorithm = 'rsa:2048'): void {
    const files = ['-passout', `pass:${phrase}`, '-keyout', `${name}.key`, '-out', `${name}.crt`];
    this.openssl('req', '-x509', '-newkey', algorithm, ...files, '-subj', `/CN=${name}`, '-days', '30');
  }

  openssl(...args: string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }

  file(name: string): Buffer {
    return readFileSync(join(this.#folder, name));
  }
}
