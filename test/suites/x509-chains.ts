// Certificate chains as the documents make them: by the openssl command, with its extension profiles (DPS docs, Tutorial:
// provision with X.509). Nothing here is code of the station or of the emulator.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM and as the files that openssl reads. */
export type Certified = { readonly cert: string; readonly key: string; readonly files: { cert: string; key: string } };

/** What a client shows at the TLS handshake: its own certificate and those that it sends along, and its key. */
export type ClientIdentity = { readonly cert: string; readonly key: string };

export type Wish = {
  /** Self-signed without. */
  issuer?: Certified;
  rsa?: boolean;
  days?: number;
  pathLength?: number;
  /** Key usages of a device instead of digitalSignature. */
  keyUsage?: string;
  /** An extended key usage of a device instead of clientAuth, or none when it is empty. */
  extendedKeyUsage?: string;
  /** Leaves the authority key identifier out, so that only the issuer's name tells who issued it. */
  byNameAlone?: boolean;
  /** The private key to certify, of another certificate; a fresh one without. */
  keyOf?: Certified;
};

const CA_USAGE = 'keyUsage=critical,digitalSignature,cRLSign,keyCertSign';

/** A folder of certificates, which is gone after `remove`. */
export class Pki {
  readonly #folder = mkdtempSync(join(tmpdir(), 'x509-'));
  #made = 0;

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  authority(name: string, wish: Wish = {}): Certified {
    const length = wish.pathLength === undefined ? '' : `,pathlen:${wish.pathLength}`;
    return this.#certify(name, wish, [`basicConstraints=critical,CA:TRUE${length}`, CA_USAGE]);
  }

  device(name: string, wish: Wish = {}): Certified {
    const usage = wish.extendedKeyUsage ?? 'clientAuth';
    const extended = usage === '' ? [] : [`extendedKeyUsage=${usage}`];
    const keyUsage = `keyUsage=critical,${wish.keyUsage ?? 'digitalSignature'}`;
    return this.#certify(name, wish, ['basicConstraints=CA:FALSE', keyUsage, ...extended]);
  }

  /** The certificate of a proof of possession: the code as common name, and nothing else. */
  proof(code: string, issuer: Certified, days = 1): Certified {
    return this.#certify(code, { issuer, days }, []);
  }

  #certify(commonName: string, wish: Wish, extensions: string[]): Certified {
    this.#made += 1;
    const file = (end: string) => join(this.#folder, `${this.#made}.${end}`);
    const files = { cert: file('cert.pem'), key: wish.keyOf?.files.key ?? file('key.pem') };
    if (!wish.keyOf) this.#makeKey(files.key, wish.rsa === true);
    const keyid = wish.issuer && !wish.byNameAlone ? 'keyid' : 'none';
    const identifiers = ['subjectKeyIdentifier=hash', `authorityKeyIdentifier=${keyid}`];
    writeFileSync(file('ext'), [...extensions, ...identifiers].join('\n'));
    openssl('req', '-new', '-sha256', '-key', files.key, '-subj', `/CN=${commonName}`, '-out', file('csr'));
    const signer = wish.issuer
      ? ['-CA', wish.issuer.files.cert, '-CAkey', wish.issuer.files.key, '-CAcreateserial']
      : ['-signkey', files.key];
    const life = ['-days', String(wish.days ?? 30), '-sha256', '-extfile', file('ext')];
    openssl('x509', '-req', '-in', file('csr'), ...signer, ...life, '-out', files.cert);
    return { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8'), files };
  }

  #makeKey(file: string, rsa: boolean): void {
    const options = rsa ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    openssl('genpkey', '-algorithm', ...options, '-out', file);
  }
}

/** The client that shows its own certificate, then these others, in this order. */
export function showing(own: Certified, ...others: Certified[]): ClientIdentity {
  return { cert: [own, ...others].map(({ cert }) => cert).join(''), key: own.key };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
