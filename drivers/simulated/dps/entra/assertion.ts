import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { isCurrent } from '../certificates.ts';
import type { Application } from '../entries.ts';
import type { Instance } from '../instance.ts';
import { EntraError } from './refusals.ts';
import { tokenEndpoint } from './token-endpoint.ts';

const Header = z.object({
  alg: z.enum(['RS256', 'PS256']),
  x5t: z.optional(z.string()),
  'x5t#S256': z.optional(z.string()),
});

const seconds = z.number().check(z.gte(0), z.lte(1e11));

const Claims = z.object({
  aud: z.string(),
  iss: z.string(),
  sub: z.string(),
  jti: z.string().check(z.minLength(1)),
  exp: seconds,
  nbf: z.optional(seconds),
});

/**
 * Checks a client's signed assertion (RFC 7523, 3; Entra docs, Certificate credentials): signed by the key of a certificate
 * that is registered for the application and named by its thumbprint, for this endpoint, by and about the client, now.
 */
export function checkAssertion(instance: Instance, application: Application, assertion: string): void {
  const [header = '', claims = '', signature = '', more] = assertion.split('.');
  if (more !== undefined || assertion.length > 20_000) throw new EntraError('assertion');
  const signatureBytes = Buffer.from(signature, 'base64url');
  // Only its one spelling: the decoder overlooks what is no base64url (RFC 7515, 2).
  if (signatureBytes.toString('base64url') !== signature) throw new EntraError('assertion');
  const { alg, ...thumbprints } = read(Header, header);
  const certificate = application.certificates
    .map((pem) => new X509Certificate(pem))
    .find((one) => isNamed(one, thumbprints));
  if (!certificate || !isCurrent(certificate, instance.now())) throw new EntraError('signature');
  const signed = Buffer.from(`${header}.${claims}`, 'ascii');
  if (!isSigned(certificate, alg, signed, signatureBytes)) throw new EntraError('signature');
  const { aud, iss, sub, exp, nbf = 0 } = read(Claims, claims);
  if (aud.toLowerCase() !== tokenEndpoint(application.tenant).toLowerCase()) throw new EntraError('audience');
  if (iss !== application.clientId || sub !== application.clientId) throw new EntraError('assertion', 'iss, sub');
  const now = instance.now() / 1000;
  const slack = instance.switches.clockSkewSeconds;
  if (exp + slack <= now || nbf - slack > now) throw new EntraError('time');
}

function isNamed(certificate: X509Certificate, { x5t, 'x5t#S256': x5tS256 }: Omit<z.infer<typeof Header>, 'alg'>) {
  const thumbprint = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest('base64url');
  if (x5tS256 !== undefined) return x5tS256 === thumbprint('sha256');
  return x5t !== undefined && x5t === thumbprint('sha1');
}

function isSigned(certificate: X509Certificate, alg: 'RS256' | 'PS256', signed: Buffer, signature: Buffer): boolean {
  const key = certificate.publicKey;
  if (key.asymmetricKeyType !== 'rsa') return false;
  const padding = alg === 'RS256' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
  // The salt is as long as the hash (RFC 7518, 3.5).
  return verify('sha256', signed, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
}

function read<S extends z.ZodMiniType>(schema: S, part: string): z.infer<S> {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
    if (parsed.success) return parsed.data;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new EntraError('assertion', '', cause);
    throw cause;
  }
  throw new EntraError('assertion');
}
