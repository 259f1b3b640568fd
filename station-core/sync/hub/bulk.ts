import { StationError } from '../../contract/errors.ts';
import type { Keyed } from './client.ts';
import { type Identity, identityJson, itemJson } from './identity.ts';
import type { HubIdentity } from './schemas.ts';

type Item = { readonly identity: Identity };

/** The most items and bytes of one bulk call (dps-reference 10.1, 10.4); the brackets and commas are within the margin. */
export const mostItems = 100;
const mostBytes = 256 * 1024 - 256;

/** Calls of at most 100 items and 256 KB; an item that is too large for any call goes alone, and is refused alone. */
export function parted<T extends Item>(items: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const json = itemJson(item.identity);
    const length = json.fill(0).length + 1;
    if (size + length > mostBytes || (parts.at(-1)?.length ?? mostItems) >= mostItems) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(item);
    size += length;
  }
  return parts;
}

/** The body of a bulk call. The caller zeroes it. */
export function bulkBody(items: readonly Item[]): Keyed {
  const parts = items.map(({ identity }) => itemJson(identity));
  const bytes = Buffer.concat([
    ...parts.flatMap((part, at) => [Buffer.from(at === 0 ? '[' : ','), part]),
    Buffer.from(']'),
  ]);
  for (const part of parts) part.fill(0);
  return { bytes, keyPairs: items.filter(({ identity }) => hasKeys(identity)).length };
}

/** The body of a PUT. The caller zeroes it. */
export const putBody = (identity: Identity): Keyed => ({
  bytes: identityJson(identity),
  keyPairs: hasKeys(identity) ? 1 : 0,
});

const hasKeys = ({ authentication }: Identity): boolean =>
  authentication.type === 'sas' && authentication.keys !== undefined;

/** What is there, to be sent back with a change. */
export function asItIs({ deviceId, status = 'enabled', capabilities, authentication }: HubIdentity): Identity {
  const settings = capabilities ? { capabilities: { iotEdge: capabilities.iotEdge ?? false } } : {};
  return { deviceId, status, settings, authentication: sentBack(authentication) };
}

function sentBack({ type, symmetricKey, x509Thumbprint }: HubIdentity['authentication']): Identity['authentication'] {
  switch (type) {
    case 'certificateAuthority':
      return { type };
    case 'selfSigned': {
      const { primaryThumbprint, secondaryThumbprint } = x509Thumbprint ?? {};
      const secondary = secondaryThumbprint ? { secondary: secondaryThumbprint } : {};
      return { type, primary: primaryThumbprint ?? '', ...secondary };
    }
    case 'sas': {
      const primary = Buffer.from(symmetricKey?.primaryKey ?? '', 'base64');
      return { type, keys: { primary, secondary: Buffer.from(symmetricKey?.secondaryKey ?? '', 'base64') } };
    }
    case 'none':
      throw new StationError('cloud.malformed', { what: 'an identity without authentication' });
  }
}

/** Zeroes the keys of an identity, where it has some. */
export function zero({ authentication }: Identity): void {
  if (authentication.type !== 'sas') return;
  authentication.keys?.primary.fill(0);
  authentication.keys?.secondary.fill(0);
}
