import { randomBytes, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { commonNameOf, isCurrent, isIssuedBy, readCertificate, subjectOf } from './certificates.ts';
import { etagMatches } from './encoding.ts';
import type { CaCertificate } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { type Answer, type Call, jsonBody } from './route.ts';
import { parsed, withoutNulls } from './schemas.ts';

/** Name and length that the resource provider allows. */
const NAME = /^[A-Za-z0-9._-]{1,256}$/;

const members = { certificate: z.optional(z.string()), isVerified: z.optional(z.boolean()) };
// Version 2022-02-05 has the members bare, its neighbours have them in `properties`.
const BodySchema = z.object({ ...members, properties: z.optional(z.object(members)) });

export function list(instance: Instance, root: string): Answer {
  return { status: 200, body: { value: instance.store.caCertificates().map((each) => shown(each, root)) } };
}

export function get(instance: Instance, root: string, name = ''): Answer {
  return { status: 200, body: shown(existing(instance, name), root) };
}

/** Uploads a CA certificate or replaces one; what replaces it is as unverified as a first one. */
export function put(instance: Instance, root: string, name = '', call: Call): Answer {
  if (!NAME.test(name)) throw new DpsError('argumentInvalid', 'certificate name: expected letters, digits and - . _');
  const { certificate, isVerified = false } = readBody(call);
  if (!certificate.ca) throw new DpsError('argumentInvalid', 'certificate: expected the certificate of a CA');
  const previous = instance.store.caCertificate(name);
  // On a brand new certificate If-Match is ignored (resource provider, DpsCertificate_CreateOrUpdate).
  if (previous) requireMatch(call, previous);
  else requireRoom(instance);
  const now = instance.now();
  return saved(instance, root, {
    name: previous?.name ?? name,
    certificate: certificate.raw.toString('base64'),
    isVerified,
    created: previous?.created ?? now,
    updated: now,
    etag: '',
  });
}

function requireRoom({ switches, store }: Instance): void {
  const most = switches.quotas.caCertificates;
  if (most === null || store.caCertificates().length < most) return;
  throw new DpsError('argumentInvalid', `certificates: expected at most ${most}`);
}

/** Deletes a CA certificate, also one that groups refer to: rolling a root begins so (DPS docs, Roll certificates). */
export function remove(instance: Instance, name = '', call: Call): Answer {
  const known = instance.store.caCertificate(name);
  if (!known) return { status: 204 };
  requireMatch(call, known);
  instance.store.deleteCaCertificate(name);
  return { status: 200 };
}

/** A new code each time; the former one is void. It fits into a common name, which holds 64 characters. */
export function generateCode(instance: Instance, root: string, name = '', call: Call): Answer {
  const known = existing(instance, name);
  requireMatch(call, known);
  const verificationCode = randomBytes(24).toString('hex').toUpperCase();
  const answer = saved(instance, root, { ...known, verificationCode, updated: instance.now() });
  const body = answer.body as { properties: object };
  return { ...answer, body: { ...body, properties: { ...body.properties, verificationCode } } };
}

/** Proof of possession: a certificate that the CA's key signed, whose common name is the code (DPS docs, Verify). */
export function verify(instance: Instance, root: string, name = '', call: Call): Answer {
  const known = existing(instance, name);
  requireMatch(call, known);
  const { verificationCode, ...rest } = known;
  if (verificationCode === undefined)
    throw new DpsError('argumentInvalid', 'verify: expected a code to be asked for first');
  const { certificate } = readBody(call);
  const wrong =
    (!isIssuedBy(certificate, opened(known)) && 'expected a signature by the key of the CA certificate') ||
    (commonNameOf(certificate) !== verificationCode && 'expected the verification code as common name') ||
    (!isCurrent(certificate, instance.now()) && 'expected a certificate that is valid now');
  if (wrong) throw new DpsError('argumentInvalid', `certificate: ${wrong}`);
  return saved(instance, root, { ...rest, isVerified: true, updated: instance.now() });
}

export function opened(kept: CaCertificate): X509Certificate {
  return new X509Certificate(Buffer.from(kept.certificate, 'base64'));
}

function existing(instance: Instance, name: string): CaCertificate {
  const known = instance.store.caCertificate(name);
  if (!known) throw new DpsError('noCertificate');
  return known;
}

function requireMatch(call: Call, { etag }: CaCertificate): void {
  const ifMatch = call.header('if-match');
  if (ifMatch === undefined) throw new DpsError('argumentInvalid', 'If-Match: expected the etag of the certificate');
  if (!etagMatches(ifMatch, etag)) throw new DpsError('precondition');
}

function readBody(call: Call): { certificate: X509Certificate; isVerified: boolean | undefined } {
  const body = parsed(BodySchema, withoutNulls(jsonBody(call)));
  const { certificate, isVerified } = body.properties ?? body;
  if (certificate === undefined) throw new DpsError('argumentInvalid', 'certificate: expected string');
  return { certificate: readCertificate(certificate, 'certificate'), isVerified };
}

/** Keeps it under a new tag, of the form that the resource provider's tags have: eight bytes, the first ones zero. */
function saved(instance: Instance, root: string, certificate: CaCertificate): Answer {
  const etag = Buffer.concat([Buffer.alloc(3), randomBytes(5)]).toString('base64');
  const kept = { ...certificate, etag };
  instance.store.saveCaCertificate(kept);
  return { status: 200, body: shown(kept, root) };
}

function shown(kept: CaCertificate, root: string): object {
  const certificate = opened(kept);
  return {
    properties: {
      subject: subjectOf(certificate),
      expiry: certificate.validToDate.toUTCString(),
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      isVerified: kept.isVerified,
      created: new Date(kept.created).toUTCString(),
      updated: new Date(kept.updated).toUTCString(),
      certificate: kept.certificate,
    },
    id: `${root}/${kept.name}`,
    name: kept.name,
    type: 'Microsoft.Devices/ProvisioningServices/Certificates',
    etag: kept.etag,
  };
}
