import { parseGroupKey } from '../../drivers/hsm/group-key.ts';
import { StationError } from '../contract/errors.ts';
import { type ExportedDevice, readExport } from '../sync/central/export.ts';
import { readBytes } from './recipe-file.ts';
import { askSecret, printSecret } from './terminal.ts';

export type ConnectionStringOptions = {
  readonly deviceId: string;
  readonly hub?: string | undefined;
  readonly moduleId?: string | undefined;
  readonly x509: boolean;
  readonly centralExport?: string | undefined;
  readonly idScope?: string | undefined;
};

/** What IoT Hub takes in IDs of devices and modules (dps-reference 6), without the semicolon that ends a part of the string. */
const hubId = /^[A-Za-z0-9\-:.+%_#*?!(),=@$']{1,128}$/;
const hostName = /^(?=.{3,255}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;

/**
 * `birthmark key connection-string`: what a device or module connects to its hub with, or, without a hub, what a device of IoT
 * Central is told (F-112). The key is asked for, or comes out of IoT Central's export. No station is involved. IDs of a hub keep
 * their case, since a hub tells it apart.
 */
export async function connectionString(options: ConnectionStringOptions): Promise<number> {
  const { deviceId, moduleId, hub, idScope } = options;
  wanted('--device-id', deviceId, hubId, "up to 128 letters, digits and - : . + % _ # * ? ! ( ) , = @ $ '");
  if (moduleId !== undefined)
    wanted('--module-id', moduleId, hubId, "up to 128 letters, digits and - : . + % _ # * ? ! ( ) , = @ $ '");
  if (hub !== undefined) wanted('--hub', hub, hostName, 'the host name of a hub, such as contoso.azure-devices.net');
  if (idScope !== undefined) wanted('--id-scope', idScope, /^[A-Za-z0-9]{3,64}$/, 'an ID scope such as 0ne000956C5');
  agree(options);
  const credential = await credentialOf(options);
  const head = Buffer.from(
    hub === undefined ? told(idScope, deviceId) : hubHead(hub.toLowerCase(), deviceId, moduleId),
  );
  const line = Buffer.concat([head, credential(hub === undefined), Buffer.from('\n')]);
  await printSecret(line);
  return 0;
}

/** What belongs together among the options, and the words for what does not. */
function agree({ hub, moduleId, x509, centralExport, idScope }: ConnectionStringOptions): void {
  const rules: readonly (readonly [boolean, string, string, string])[] = [
    [hub !== undefined || centralExport !== undefined, '--hub', 'a hub, or --central-export', 'neither'],
    [hub !== undefined || moduleId === undefined, '--module-id', 'a hub as well (--hub)', 'none'],
    [!x509 || centralExport === undefined, '--x509', 'one of --x509 and --central-export', 'both'],
    [
      hub === undefined || idScope === undefined,
      '--id-scope',
      'no hub: who has the hub’s string needs no ID scope',
      'both',
    ],
    [
      moduleId === undefined || centralExport === undefined,
      '--module-id',
      'no module: the export tells of devices alone',
      'one',
    ],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken) throw new StationError('input.invalid', { place: broken[1], expected: broken[2], found: broken[3] });
}

const hubHead = (host: string, deviceId: string, moduleId: string | undefined): string =>
  `HostName=${host};DeviceId=${deviceId};${moduleId === undefined ? '' : `ModuleId=${moduleId};`}`;

/** The three things that a device of IoT Central is told, by the names that its pages have for them. */
const told = (idScope: string | undefined, deviceId: string): string =>
  `${idScope === undefined ? '' : `Scope ID   ${idScope}\n`}Device ID  ${deviceId}\n`;

/** How a credential ends the text: for IoT Central in words, for a hub as a part of the string. */
type Credential = (forCentral: boolean) => Buffer;

const keyed =
  (key: Buffer): Credential =>
  (forCentral) =>
    Buffer.concat([Buffer.from(forCentral ? 'SAS key    ' : 'SharedAccessKey='), key]);

async function credentialOf({ x509, centralExport, deviceId }: ConnectionStringOptions): Promise<Credential> {
  if (x509) return () => Buffer.from('x509=true');
  if (centralExport !== undefined) return exported(centralExport, deviceId);
  const text = await askSecret('device key in base64');
  // Its bytes are not needed: only whether there is a key in it.
  parseGroupKey(text.toString('latin1'), 'device key').fill(0);
  return keyed(text);
}

function exported(file: string, deviceId: string): Credential {
  const bytes = readBytes(file);
  try {
    const device = find(bytes, file, deviceId);
    if (device.primaryKey) return keyed(Buffer.from(device.primaryKey));
    const { primaryThumbprint } = device;
    if (primaryThumbprint === undefined) {
      throw new StationError('input.invalid', {
        place: `${file}, line ${device.line}`,
        expected: 'a key or a thumbprint',
        found: 'neither',
      });
    }
    return (forCentral) => Buffer.from(forCentral ? `X.509      ${primaryThumbprint}` : 'x509=true');
  } finally {
    bytes.fill(0);
  }
}

function find(bytes: Buffer, file: string, deviceId: string): ExportedDevice {
  for (const device of readExport(bytes, file)) if (device.deviceId === deviceId) return device;
  throw new StationError('input.invalid', { place: file, expected: `the device ${deviceId}`, found: 'others alone' });
}

function wanted(place: string, value: string, form: RegExp, expected: string): void {
  if (!form.test(value)) throw new StationError('input.invalid', { place, expected, found: 'something else' });
}
