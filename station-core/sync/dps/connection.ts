import { StationError } from '../../contract/errors.ts';

/** A service connection string, taken apart. The key's bytes belong to whoever parsed it, and are zeroed by them. */
export type Connection = { readonly host: string; readonly policy: string; readonly key: Buffer };

const place = 'DPS connection string';

/** Real ones have some 200 characters; a whole file that was pasted in has more. */
const longest = 2_048;

/** What each part must be. An address with a scheme or a port is no host name: the service is HTTPS alone (F-135). */
const forms = {
  HostName: [/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/i, 'a host name'],
  SharedAccessKeyName: [/^[\w.-]{1,64}$/, 'a policy name'],
  SharedAccessKey: [/^[A-Za-z0-9+/]{16,256}={0,2}$/, 'a base64 key'],
} as const;
type Part = keyof typeof forms;

/**
 * Reads `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`, names in any case and order (DPS security tokens).
 * Throws `input.invalid` that names the part and never quotes the key.
 */
export function parseConnection(text: Buffer): Connection {
  if (text.length > longest) throw invalid(place, `at most ${longest} bytes`, `${text.length} bytes`);
  const parts = new Map<string, string[]>();
  for (const part of text.toString('utf8').trim().split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim().toLowerCase();
    parts.set(name, [...(parts.get(name) ?? []), part.slice(at + 1).trim()]);
  }
  const host = wanted(parts, 'HostName').toLowerCase();
  const policy = wanted(parts, 'SharedAccessKeyName');
  const written = wanted(parts, 'SharedAccessKey');
  const key = Buffer.from(written, 'base64');
  // A character too few or too many decodes to something as well, which would be refused by the service, later.
  if (key.toString('base64') === written) return { host, policy, key };
  key.fill(0);
  throw invalid(`${place}, SharedAccessKey`, 'a whole base64 key', 'a damaged one');
}

function wanted(parts: ReadonlyMap<string, readonly string[]>, name: Part): string {
  const [form, expected] = forms[name];
  const [value, another] = parts.get(name.toLowerCase()) ?? [];
  if (value !== undefined && another === undefined && value.length <= 253 && form.test(value)) return value;
  const found = value === undefined ? 'nothing' : another === undefined ? 'something else' : 'it twice';
  throw invalid(`${place}, ${name}`, expected, found);
}

const invalid = (where: string, expected: string, found: string) =>
  new StationError('input.invalid', { place: where, expected, found });
