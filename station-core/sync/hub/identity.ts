import { createHash, timingSafeEqual } from 'node:crypto';
import { base64 } from '../../base64.ts';
import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Carried, Keys } from '../targets/target.ts';
import type { HubIdentity } from './schemas.ts';

/** How a device or module proves itself to its hub (dps-reference 10.1). Without keys the hub makes some that nobody has. */
export type Authentication =
  | { readonly type: 'sas'; readonly keys?: Keys }
  | { readonly type: 'selfSigned'; readonly primary: string; readonly secondary?: string }
  | { readonly type: 'certificateAuthority' };

/** What the station wants to be in a hub's registry. */
export type Identity = {
  readonly deviceId: string;
  readonly moduleId?: string;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: Authentication;
  /** Capabilities, tags and desired properties, as the hub has them. */
  readonly settings: { readonly [name: string]: unknown };
};

/** A row's body: a DPS enrollment, of which a registry knows a part, and the module, if it is one's. */
type Body = {
  readonly moduleId?: string;
  readonly provisioningStatus?: 'enabled' | 'disabled';
  readonly capabilities?: { readonly iotEdge: boolean };
  readonly initialTwin?: { readonly tags?: object; readonly properties?: { readonly desired: object } };
  readonly attestation: {
    readonly type: string;
    readonly scope?: 'group';
    readonly x509?: { readonly clientCertificates?: { readonly primary: { readonly certificate: string } } };
  };
};

/** Whether a row is sent with what its unit's credential holds: keys, or the certificate whose thumbprint the hub is told. */
export function isCarried({ body, credential }: OutboxRow): boolean {
  const { moduleId, attestation } = body as Body;
  // A module's keys are its own: they stand in no credential.
  if (moduleId !== undefined) return attestation.type === 'symmetricKey';
  return credential !== null && attestation.scope !== 'group';
}

/** The identity that a row asks for. `carried` is its credential's, where it has one; its keys are the caller's to zero. */
export function identityOf({ registrationId, body }: OutboxRow, carried: Carried | undefined): Identity {
  const { moduleId, provisioningStatus: status = 'enabled', capabilities, initialTwin, attestation } = body as Body;
  const settings = {
    ...(capabilities ? { capabilities } : {}),
    ...(initialTwin?.tags ? { tags: initialTwin.tags } : {}),
    ...(initialTwin?.properties ? { properties: initialTwin.properties } : {}),
  };
  const authentication = authenticationOf(attestation, carried);
  return {
    deviceId: registrationId,
    ...(moduleId === undefined ? {} : { moduleId }),
    status,
    authentication,
    settings,
  };
}

function authenticationOf({ type, scope, x509 }: Body['attestation'], carried: Carried | undefined): Authentication {
  if (carried && 'keys' in carried) return { type: 'sas', keys: carried.keys };
  if (carried && 'certificates' in carried)
    return selfSigned(carried.certificates.primary, carried.certificates.secondary);
  const certificate = x509?.clientCertificates?.primary.certificate;
  if (certificate !== undefined) return selfSigned(certificate, undefined);
  if (type === 'x509' && scope === 'group') return { type: 'certificateAuthority' };
  if (type === 'symmetricKey') return { type: 'sas' };
  throw new StationError('recipe.unsupported', { what: `attestation ${type} with an IoT hub` });
}

/** By thumbprint; the certificates are base64 of PEM. */
export function selfSigned(primary: string, secondary: string | undefined): Authentication {
  const second = secondary === undefined ? {} : { secondary: thumbprint(secondary) };
  return { type: 'selfSigned', primary: thumbprint(primary), ...second };
}

/** SHA-256 in upper-case hex: hubs take SHA-1 and SHA-256, and SHA-1 proves nothing any more. */
function thumbprint(certificate: string): string {
  const pem = Buffer.from(certificate, 'base64').toString('latin1');
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  return createHash('sha256').update(der).digest('hex').toUpperCase();
}

/**
 * An identity as bytes: an item of a bulk call, which is also a line of an import job (dps-reference 10.3). Keys go in as bytes, so
 * that the caller can zero the answer.
 */
export function itemJson(identity: Identity): Buffer {
  const { deviceId: id, moduleId, status, settings } = identity;
  const module = moduleId === undefined ? { status } : { moduleId };
  return withAuthentication({ id, importMode: 'create', ...module, ...settings }, identity.authentication);
}

/** An identity as bytes, for PUT; a registry keeps twins apart. */
export function identityJson({ deviceId, moduleId, status, settings, authentication }: Identity): Buffer {
  const { capabilities } = settings;
  const module = moduleId === undefined ? { status, ...(capabilities ? { capabilities } : {}) } : { moduleId };
  return withAuthentication({ deviceId, ...module }, authentication);
}

function withAuthentication(members: object, authentication: Authentication): Buffer {
  const open = Buffer.from(JSON.stringify(members), 'utf8').subarray(0, -1);
  const parts = [open, Buffer.from(',"authentication":'), ...authenticationJson(authentication), Buffer.from('}')];
  const whole = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return whole;
}

function authenticationJson(authentication: Authentication): readonly Buffer[] {
  switch (authentication.type) {
    case 'certificateAuthority':
      return [Buffer.from('{"type":"certificateAuthority"}')];
    case 'selfSigned': {
      const { primary, secondary = null } = authentication;
      const x509Thumbprint = { primaryThumbprint: primary, secondaryThumbprint: secondary };
      return [Buffer.from(JSON.stringify({ type: 'selfSigned', x509Thumbprint }))];
    }
    case 'sas': {
      const { keys } = authentication;
      if (!keys) return [Buffer.from('{"type":"sas"}')];
      return [
        Buffer.from('{"type":"sas","symmetricKey":{"primaryKey":"'),
        base64(keys.primary),
        Buffer.from('","secondaryKey":"'),
        base64(keys.secondary),
        Buffer.from('"}}'),
      ];
    }
  }
}

/**
 * What differs between the identity that we meant and the one that is there, or undefined when it is the same: the way to
 * authenticate with both keys or thumbprints, the status, and whether it is an IoT Edge device.
 */
export function differs(ours: Identity, theirs: HubIdentity): string | undefined {
  if (theirs.deviceId !== ours.deviceId || (theirs.moduleId ?? undefined) !== ours.moduleId) return 'device ID';
  if (theirs.authentication.type !== ours.authentication.type) return 'authentication type';
  if (ours.moduleId === undefined) {
    if ((theirs.status ?? 'enabled') !== ours.status) return 'status';
    const { iotEdge = false } = (ours.settings.capabilities ?? {}) as { readonly iotEdge?: boolean };
    if ((theirs.capabilities?.iotEdge ?? false) !== iotEdge) return 'IoT Edge capability';
  }
  return sameCredential(ours.authentication, theirs.authentication);
}

function sameCredential(ours: Authentication, theirs: HubIdentity['authentication']): string | undefined {
  switch (ours.type) {
    case 'certificateAuthority':
      return undefined;
    case 'selfSigned': {
      const { primaryThumbprint, secondaryThumbprint } = theirs.x509Thumbprint ?? {};
      const same = isPrint(ours.primary, primaryThumbprint) && isPrint(ours.secondary, secondaryThumbprint);
      return same ? undefined : 'thumbprints';
    }
    case 'sas': {
      // Nobody has the keys that a hub makes by itself: there is nothing to compare them with.
      if (!ours.keys) return undefined;
      const { primaryKey, secondaryKey } = theirs.symmetricKey ?? {};
      return isKey(ours.keys.primary, primaryKey) && isKey(ours.keys.secondary, secondaryKey) ? undefined : 'keys';
    }
  }
}

const isPrint = (ours: string | undefined, theirs: string | null | undefined): boolean =>
  (ours ?? '') === (theirs ?? '').toUpperCase();

function isKey(ours: Buffer, theirs: string | null | undefined): boolean {
  const bytes = Buffer.from(theirs ?? '', 'base64');
  try {
    return bytes.length === ours.length && timingSafeEqual(bytes, ours);
  } finally {
    bytes.fill(0);
  }
}
