import { constants, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket, TlsOptions } from 'node:tls';
import forge from 'node-forge';
import { sentCertificates } from './certificate-chain.ts';
import { LOGIN_HOST } from './entra/token-endpoint.ts';

/** What the TLS server presents. The CA's private key is not here: it is forgotten once it has signed. */
export type TlsIdentity = { ca: string; cert: string; key: string };

const YEARS = 10;

/**
 * Devices may show a certificate and need not. Whether it is good is judged for each call, with no store of certificates
 * here: OpenSSL would fill gaps in a chain from it, and drop what was sent of a chain that it trusts. Without tickets no
 * session is resumed, since a resumed one has the device's own certificate and has lost those that it sent with it.
 */
export function tlsOptions({ key, cert, ca }: TlsIdentity): TlsOptions {
  return {
    key,
    cert: [cert, ca].join('\n'),
    minVersion: 'TLSv1.2',
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** Who is at the other end of a connection: its address, and what it showed of certificates at its handshake. */
export type Peer = { readonly address: string; readonly certificates: readonly X509Certificate[] };

/** What each connection's client showed. */
export class Handshakes {
  readonly #peers = new WeakMap<object, Peer>();

  /** To be called once a connection, when its handshake is done. */
  note(socket: TLSSocket): Peer {
    const peer = { address: socket.remoteAddress ?? '', certificates: sentCertificates(socket) };
    this.#peers.set(socket, peer);
    return peer;
  }

  peerOf(socket: TLSSocket): Peer {
    return this.#peers.get(socket) ?? { address: socket.remoteAddress ?? '', certificates: [] };
  }
}

/** The folder's TLS identity, made at the first start. */
export function openTlsIdentity(folder: string): TlsIdentity {
  const file = join(folder, 'tls.json');
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, 'utf8')) as TlsIdentity;
    // One that was made for fewer names is made anew, with its CA, since that has no key any more.
    if (new X509Certificate(known.cert).checkHost(LOGIN_HOST)) return known;
  }
  const made = makeTlsIdentity();
  writeFileSync(join(folder, 'ca.pem'), made.ca);
  // Written aside and renamed, so that a process killed here starts over instead of finding half a file.
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

function makeTlsIdentity(): TlsIdentity {
  const authority = keyPair();
  const server = keyPair();
  const subject = [{ name: 'commonName', value: `Birthmark practice DPS CA ${randomBytes(4).toString('hex')}` }];
  const ca = certificate(authority, authority, subject, subject, [
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const leaf = certificate(server, authority, [{ name: 'commonName', value: 'Birthmark practice DPS' }], subject, [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: serverNames },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  return { ca: forge.pki.certificateToPem(ca), cert: forge.pki.certificateToPem(leaf), key: server.privatePem };
}

/** Type 2 is a DNS name, type 7 an IP address (RFC 5280, 4.2.1.6). */
const serverNames = [
  { type: 2, value: '*.azure-devices-provisioning.net' },
  { type: 2, value: LOGIN_HOST },
  { type: 2, value: '*.azure-devices.net' },
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
];

type KeyPair = { publicPem: string; privatePem: string };

function keyPair(): KeyPair {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return { publicPem: pair.publicKey, privatePem: pair.privateKey };
}

function certificate(
  holder: KeyPair,
  signer: KeyPair,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  extensions: object[],
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(holder.publicPem);
  // The leading 1 keeps the serial number positive and its DER without padding (RFC 5280, 4.1.2.2).
  made.serialNumber = `01${randomBytes(15).toString('hex')}`;
  made.validity.notBefore = new Date(Date.now() - 86_400_000);
  made.validity.notAfter = new Date(Date.now() + YEARS * 365 * 86_400_000);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.setExtensions(extensions);
  made.sign(forge.pki.privateKeyFromPem(signer.privatePem), forge.md.sha256.create());
  return made;
}
