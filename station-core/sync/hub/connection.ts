import { StationError } from '../../contract/errors.ts';

/** The connection string of a hub's policy, taken apart. The key's bytes are zeroed by whoever parsed it. */
export type HubConnection = { readonly host: string; readonly policy: string; readonly key: Buffer };

const place = 'IoT Hub connection string';
const forms = {
  hostname: [/^(?=.{3,255}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i, 'a host name'],
  sharedaccesskeyname: [/^[\w.-]{1,64}$/, 'a policy name'],
  sharedaccesskey: [
    /^(?:(?:[A-Za-z0-9+/]{4}){5,20}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)|(?:[A-Za-z0-9+/]{4}){21}[A-Za-z0-9+/]{2}==)$/,
    'a base64 key of 16 to 64 bytes',
  ],
} as const;
const names = ['HostName', 'SharedAccessKeyName', 'SharedAccessKey'] as const;

/**
 * Reads `HostName=…;SharedAccessKeyName=…;SharedAccessKey=…`, names in any case and order, each once and no other. Throws
 * `input.invalid` that names the part and never quotes the key; a device's connection string is told from a policy's.
 */
export function parseHubConnection(text: Buffer): HubConnection {
  const parts = new Map<string, string>();
  for (const part of text.toString('utf8').trim().replace(/;$/, '').split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at)).trim().toLowerCase();
    if (name === 'deviceid') throw refused(place, "a policy's", "a device's");
    if (!Object.hasOwn(forms, name)) throw refused(place, names.join(', '), 'another part');
    if (parts.has(name)) throw refused(place, 'every part once', 'one twice');
    parts.set(name, part.slice(at + 1).trim());
  }
  const [host, policy, key] = names.map((name) => {
    const [form, expected] = forms[name.toLowerCase() as keyof typeof forms];
    const value = parts.get(name.toLowerCase());
    if (value !== undefined && form.test(value)) return value;
    throw refused(`${place}, ${name}`, expected, value === undefined ? 'nothing' : 'something else');
  }) as [string, string, string];
  return { host: host.toLowerCase(), policy, key: Buffer.from(key, 'base64') };
}

const refused = (where: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place: where, expected, found });
