import { mkdtempSync } from 'node:fs';
import { homedir, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AzureDps, readConfig } from '../config.ts';
import { StationError } from '../contract/errors.ts';
import type { Actor, Role } from '../contract/record.ts';
import { questionOf } from '../open-client.ts';
import { type OpenStation, openStation, type Secrets } from '../open-station.ts';
import { actor } from '../practice.ts';
import { askSecret } from './terminal.ts';

/** The platform's folder for a station, where `--station` names none. */
export function defaultFolder(): string {
  if (platform() === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'Birthmark');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Birthmark');
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'birthmark');
}

/** A fresh folder for practice; it is kept, so that what happened can be looked at. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'birthmark-practice-'));

/** Opens a station from the command line, asking for the secrets that its configuration needs. */
export async function open(folder: string, command: string): Promise<OpenStation> {
  const config = readConfig(folder);
  const pin =
    config.hsm.kind === 'pkcs11' ? await askSecret('HSM PIN (empty: start locked)', 'may be empty') : undefined;
  const auditPin =
    config.hsm.kind === 'pkcs11' && config.hsm.auditTokenLabel !== undefined
      ? await askSecret("PIN of the audit log's token (empty: start locked)", 'may be empty')
      : undefined;
  const connection = config.dps.kind === 'azure' ? await askConnection(config.dps) : undefined;
  const secrets: Secrets = {
    ...(pin && pin.length > 0 ? { pin } : {}),
    ...(auditPin && auditPin.length > 0 ? { auditPin } : {}),
    ...(connection ? { connection } : {}),
  };
  return openStation(folder, secrets, `birthmark ${command}`);
}

/** Without a connection string or client secret the station has no network; a key may well have no pass phrase. */
async function askConnection(dps: AzureDps): Promise<Buffer | undefined> {
  const { auth } = dps;
  const mayLack = auth.kind === 'entra' && auth.credential.kind === 'certificate';
  const given = await askSecret(`${questionOf(dps)} (empty: ${mayLack ? 'none' : 'no network'})`, 'may be empty');
  return given.length > 0 || mayLack ? given : undefined;
}

/**
 * The person that a command acts as: in practice the ready-made one of the role, in production whoever `--as` names,
 * after their PIN was asked for.
 */
export async function actAs(
  { station }: OpenStation,
  role: Role,
  name: string | undefined,
  flag: '--as' | '--second' = '--as',
): Promise<Actor> {
  if (station.row.mode === 'practice' && name === undefined) return actor(station, role);
  if (name === undefined)
    throw new StationError('input.invalid', { place: flag, expected: 'a name', found: 'nothing' });
  const pin = await askSecret(`PIN of ${name}`);
  try {
    return (await station.operators.signIn(name, pin)).actor;
  } finally {
    pin.fill(0);
  }
}
