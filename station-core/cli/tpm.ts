import { basename } from 'node:path';
import { openDevice } from '../../drivers/tpm/device.ts';
import { registrationIds } from '../../drivers/tpm/registration-id.ts';
import { openTcp } from '../../drivers/tpm/tcp.ts';
import { openTpm } from '../../drivers/tpm/tpm.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';
import type { Endorsement, TpmDescription, UnitTpm } from '../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../contract/errors.ts';
import type { EkKind } from '../contract/tpm.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { readBytes, readRecipe } from './recipe-file.ts';
import { askSecret, printJson } from './terminal.ts';

export type TpmReadOptions = {
  readonly device: string;
  readonly tcp?: string | undefined;
  readonly simulator: boolean;
  readonly kind: EkKind;
  readonly auth: boolean;
  readonly json: boolean;
};

/**
 * `birthmark tpm read`: the endorsement key of a TPM that this machine reaches, in DPS's form. No station is involved, nothing is
 * enrolled, and nothing is judged: a TPM's word proves nothing without a challenge.
 */
export async function tpmRead(options: TpmReadOptions): Promise<number> {
  const { kind, auth, json } = options;
  const endorsementAuth = auth ? await askSecret('authorisation of the endorsement hierarchy') : undefined;
  const stop = new AbortController();
  const tpm = openTpm(await transportOf(options, stop.signal));
  try {
    const said = await tpm.describe(stop.signal);
    const key = await read(tpm, kind, endorsementAuth, stop.signal);
    if (json) printJson(resultOf(said, key));
    else process.stdout.write(textOf(said, key));
    return 0;
  } finally {
    endorsementAuth?.fill(0);
    await tpm.close();
  }
}

function read(tpm: UnitTpm, kind: EkKind, auth: Buffer | undefined, signal: AbortSignal): Promise<Endorsement> {
  return tpm.endorsement({ kind, ...(auth ? { endorsementAuth: auth } : {}) }, signal);
}

function transportOf({ device, tcp, simulator }: TpmReadOptions, signal: AbortSignal): Promise<TpmTransport> {
  if (tcp === undefined) return openDevice(device, signal);
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(tcp) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new StationError('input.invalid', { place: '--tcp', expected: 'HOST:PORT', found: 'something else' });
  }
  return openTcp({ host, port: Number(port), framing: simulator ? 'simulator' : 'raw' }, signal);
}

function resultOf(tpm: TpmDescription, key: Endorsement) {
  return {
    schema: 1,
    ...tpm,
    kind: key.kind,
    endorsementKey: key.public.toString('base64'),
    origin: key.origin,
    template: key.template,
    registrationId: registrationIds.sdk(key.public),
    sha256: registrationIds['sha256-hex'](key.public),
    ...(key.certificate ? { certificate: key.certificate.bytes.toString('base64') } : {}),
  };
}

const origins = {
  persistent: 'persistent',
  created: 'created for this reading; it is not persistent in the TPM',
} as const;

function textOf({ manufacturer, vendor, firmware, ownerAuthSet }: TpmDescription, key: Endorsement): string {
  const certificate = key.certificate ? `in NV 0x${key.certificate.index.toString(16).padStart(8, '0')}` : 'none';
  return [
    `TPM: ${manufacturer} ${vendor}, firmware ${firmware}, ${ownerAuthSet ? 'owned' : 'not owned'}`,
    `Endorsement key: ${key.kind}, ${origins[key.origin]}`,
    key.public.toString('base64'),
    `Registration ID (SDK rule): ${registrationIds.sdk(key.public)}`,
    `Registration ID (SHA-256):  ${registrationIds['sha256-hex'](key.public)}`,
    `Certificate: ${certificate}`,
    '',
  ].join('\n');
}

export type EkListOptions = People & { readonly station: string; readonly json: boolean };

/** `birthmark tpm import-list`: a TPM maker's list of endorsement keys, whole or not at all. Two people. */
export async function tpmImportList(
  path: string,
  options: EkListOptions & { readonly list: string; readonly enrol?: string | undefined },
): Promise<number> {
  const text = readBytes(path).toString('utf8');
  const opened = await open(options.station, 'tpm import-list');
  try {
    const recipe = options.enrol === undefined ? {} : { recipe: await readRecipe(options.enrol, opened.station) };
    const params = { list: options.list, name: basename(path), text, ...recipe };
    const roles = { first: 'security-officer', second: 'lead' } as const;
    const { list, keys, enrolled } = await callWithSecond(opened, roles, options, 'tpm.importList', params);
    if (options.json) printJson({ schema: 1, list, keys, enrolled });
    else
      process.stdout.write(`Imported ${keys} endorsement keys into ${list}; ${enrolled} of them wait for the cloud\n`);
    return 0;
  } finally {
    await opened.close();
  }
}

/** `birthmark tpm lists`: every list, and how many of its keys were seen in units. */
export async function tpmLists({ station, as, json }: EkListOptions): Promise<number> {
  const opened = await open(station, 'tpm lists');
  try {
    const lists = await opened.station.call('tpm.lists', {}, { actor: await actAs(opened, 'auditor', as) });
    if (json) printJson({ schema: 1, lists });
    else if (lists.length === 0) process.stdout.write('There is no list.\n');
    else {
      const line = ({ list, keys, seen }: (typeof lists)[number]) => `${list}: ${keys} keys, ${seen} seen in units\n`;
      process.stdout.write(lists.map(line).join(''));
    }
    return 0;
  } finally {
    await opened.close();
  }
}
