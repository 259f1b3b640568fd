import { StationError } from '../../contract/errors.ts';

/** A service connection string, taken apart. The key's bytes belong to whoever parsed it, and are zeroed by them. */
export type Connection = { readonly host: string; readonly policy: string; readonly key: Buffer };

const place = 'DPS connection string';

/**
 * Reads `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`, names in any case and order (DPS security tokens).
 * Throws `input.invalid` that names the part and never quotes the key.
 */
export function parseConnection(text: Buffer): Connection {
  const parts = new Map<string, string>();
  for (const part of text.toString('utf8').trim().split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  const host = wanted(parts, 'HostName', /^[a-z0-9.-]{3,255}$/i, 'a host name').toLowerCase();
  const policy = wanted(parts, 'SharedAccessKeyName', /^[\w.-]{1,64}$/, 'a policy name');
  const key = Buffer.from(wanted(parts, 'SharedAccessKey', /^[A-Za-z0-9+/]{16,}={0,2}$/, 'a base64 key'), 'base64');
  return { host, policy, key };
}

function wanted(parts: ReadonlyMap<string, string>, name: string, form: RegExp, expected: string): string {
  const value = parts.get(name.toLowerCase());
  if (value !== undefined && form.test(value)) return value;
  throw new StationError('input.invalid', {
    place: `${place}, ${name}`,
    expected,
    found: value === undefined ? 'nothing' : 'something else',
  });
}
