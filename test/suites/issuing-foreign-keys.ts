// CA keys that somebody else made on the token, by the module itself or by pkcs11-tool.
import { execFileSync } from 'node:child_process';
import { createPublicKey, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Pkcs11Js from 'pkcs11js';
import { CKA, CKF, CKM } from '../../drivers/hsm/cryptoki.ts';
import type { KeyName, PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { privateTemplate, publicKeyFrom, publicTemplate } from '../../drivers/hsm/pkcs11-templates.ts';
import type { SoftHsmToken } from './softhsm.ts';

const nameOf = (label: string): KeyName => ({ label, id: randomBytes(16).toString('hex') });

/** A session with the token in this process, beside the station's own. */
export class ForeignHand {
  readonly #module: Pkcs11Js.PKCS11;
  readonly #session: Pkcs11Js.Handle;

  constructor(token: SoftHsmToken) {
    Object.assign(process.env, token.environment);
    const pkcs11js = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11Js;
    this.#module = new pkcs11js.PKCS11(token.module);
    this.#module.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    const [slot] = this.#module.C_GetSlotList(true);
    if (slot === undefined) throw new Error('there is no token');
    this.#session = this.#module.C_OpenSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
    this.#module.C_Login(this.#session, 1, token.pin().toString());
  }

  /** A pair of P-256 as the station makes it, but for these attributes of its private half. */
  pair(label: string, change: Pkcs11Js.Template): PublicKeyRef {
    const name = nameOf(label);
    const changed = new Set(change.map(({ type }) => type));
    const lawful = privateTemplate(name).filter(({ type }) => !changed.has(type));
    const made = this.#module.C_GenerateKeyPair(
      this.#session,
      { mechanism: CKM.EC_KEY_PAIR_GEN },
      publicTemplate(name, 'p256'),
      [...lawful, ...change],
    );
    const [point] = this.#module.C_GetAttributeValue(this.#session, made.publicKey, [{ type: CKA.EC_POINT }]);
    const publicKey = publicKeyFrom('p256', {
      point: Buffer.isBuffer(point?.value) ? point.value : undefined,
      modulus: undefined,
      exponent: undefined,
    });
    if (publicKey === undefined) throw new Error('the token gave no point');
    return { ...name, publicKey };
  }

  close(): void {
    this.#module.C_Finalize();
    this.#module.close();
  }
}

/** Runs pkcs11-tool on a token as its user. */
export function pkcs11Tool(token: SoftHsmToken, ...args: string[]): Buffer {
  const login = [
    '--module',
    token.module,
    '--token-label',
    token.tokenLabel,
    '--login',
    '--pin',
    token.pin().toString(),
  ];
  return execFileSync('pkcs11-tool', [...login, ...args], {
    env: { ...process.env, ...token.environment },
    stdio: 'pipe',
  });
}

/** A pair of P-256 that pkcs11-tool makes for signing, as its own options have it. */
export function toolPair(token: SoftHsmToken, label: string, ...options: string[]): PublicKeyRef {
  const name = nameOf(label);
  const which = ['--label', name.label, '--id', name.id];
  pkcs11Tool(token, '--keypairgen', '--key-type', 'EC:prime256v1', '--usage-sign', ...which, ...options);
  const spki = pkcs11Tool(token, '--read-object', '--type', 'pubkey', ...which);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return { ...name, publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64') };
}
