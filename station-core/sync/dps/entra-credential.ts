import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { StationError } from '../../contract/errors.ts';

/** What an application proves itself with at Microsoft Entra ID. */
export type Credential = {
  /** How it is put into a request to this address. */
  authentication(tokenEndpoint: string): oauth.ClientAuth;
  /** Zeroes what can be. */
  close(): void;
};

/**
 * How assertions are signed: RSA-PSS with the certificate's SHA-256, or as older authorities (AD FS) want it, PKCS#1 with its
 * SHA-1 (RFC 7515, 4.1.7 and 4.1.8; Microsoft identity platform, certificate credentials).
 */
export const assertionKinds = {
  PS256: { name: 'RSA-PSS', thumbprint: 'x5t#S256', hash: 'sha256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', thumbprint: 'x5t', hash: 'sha1' },
} as const;
export type AssertionKind = keyof typeof assertionKinds;

/** A CryptoKey, whose typings Node and browsers have each of their own. */
type SigningKey = Parameters<typeof oauth.PrivateKeyJwt>[0];

/** By a client secret. It goes into each request as a string, as oauth4webapi wants it; what is kept is zeroed at the end. */
export function secretCredential(secret: Buffer): Credential {
  const kept = Buffer.from(secret);
  return {
    authentication: () => oauth.ClientSecretPost(kept.toString('utf8')),
    close: () => kept.fill(0),
  };
}

export type CertificateFiles = { readonly certificate: Buffer; readonly key: Buffer };

/**
 * By a certificate whose private key signs an assertion for each token. The key's file is under a pass phrase.
 * Throws `input.invalid`, which names the file and quotes nothing of it.
 */
export function certificateCredential(
  { certificate, key }: CertificateFiles,
  passPhrase: Buffer,
  kind: AssertionKind,
  now: number,
): Credential {
  const x509 = readCertificate(certificate, now);
  const privateKey = readKey(key, passPhrase);
  if (!x509.checkPrivateKey(privateKey)) throw invalid('keyFile', 'the key of the certificate', 'another one');
  const { name, thumbprint, hash } = assertionKinds[kind];
  const signing = privateKey.toCryptoKey({ name, hash: 'SHA-256' }, false, ['sign']);
  const print = createHash(hash).update(x509.raw).digest('base64url');
  return {
    authentication: (audience) =>
      oauth.PrivateKeyJwt(signing as SigningKey, {
        [oauth.modifyAssertion]: (header, payload) => {
          header[thumbprint] = print;
          header.typ = 'JWT';
          // The authority wants its own address (Microsoft identity platform), not its issuer.
          payload.aud = audience;
        },
      }),
    close: () => undefined, // the key is inside OpenSSL, which zeroes what it frees
  };
}

function readCertificate(bytes: Buffer, now: number): X509Certificate {
  const x509 = attempt(() => new X509Certificate(bytes));
  if (!x509) throw invalid('certificateFile', 'a certificate, PEM or DER', 'something else');
  if (x509.validToDate.getTime() < now) throw invalid('certificateFile', 'a current certificate', 'an expired one');
  return x509;
}

function readKey(pem: Buffer, passphrase: Buffer): KeyObject {
  // Nobody may find the key in clear on the station's disk (F-142).
  if (!pem.includes('ENCRYPTED')) {
    throw invalid('keyFile', 'a private key under a pass phrase (BEGIN ENCRYPTED PRIVATE KEY)', 'none');
  }
  const key = attempt(() => createPrivateKey({ key: pem, passphrase }));
  if (!key) throw invalid('keyFile', 'a private key that this pass phrase opens', 'one that it does not');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= 2_048) return key;
  throw invalid('keyFile', 'an RSA key of 2048 bits or more', `${key.asymmetricKeyType}`);
}

/** OpenSSL's words say nothing that our own do not, and may speak of what is in the file. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const invalid = (place: string, expected: string, found: string) =>
  new StationError('input.invalid', { place: `dps.auth.${place}`, expected, found });
