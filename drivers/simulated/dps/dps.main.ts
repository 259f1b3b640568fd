import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { type Emulator, startEmulator, writeCredential } from './emulator.ts';
import { type Right, rights, SwitchesChange } from './switches.ts';

const USAGE = `usage: dps.main.ts --folder DIR [--port N] [--switches JSON] [--policy NAME=RIGHT,RIGHT]... [--until-stdin-closes]`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    switches: { type: 'string', default: '{}' },
    policy: { type: 'string', multiple: true, default: [] },
    'until-stdin-closes': { type: 'boolean', default: false },
  },
});
if (values.folder === undefined || !/^\d{1,5}$/.test(values.port)) throw new Error(USAGE);

const policies = Object.fromEntries(values.policy.map(readPolicy));
const emulator = await startEmulator({
  folder: values.folder,
  port: Number(values.port),
  switches: present(z.parse(SwitchesChange, JSON.parse(values.switches))),
  policies,
});

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  // Standard input would keep the process alive.
  process.stdin.destroy();
  void emulator.close();
}
process.once('SIGTERM', end);
process.once('SIGINT', end);
if (values['until-stdin-closes']) process.stdin.once('close', end).once('end', end).resume();
// Last, since whoever reads the ready line may end this process in the next moment.
announce(emulator, values.folder);

/** The ready line on standard output; credentials go into files instead. */
function announce(ready: Emulator, folder: string): void {
  const connectionStringFile = join(folder, 'connection-string.txt');
  const adminTokenFile = join(folder, 'admin-token.txt');
  writeCredential(connectionStringFile, ready.connectionString);
  writeCredential(adminTokenFile, ready.adminToken);
  const policyFiles = Object.keys(policies).map((name) => {
    const file = join(folder, `connection-string-${name}.txt`);
    writeCredential(file, ready.connectionStringOf(name));
    return [name, file];
  });
  const { port, caFile, serviceHost, deviceHost, idScope, certificatesPath } = ready;
  const files = { caFile, connectionStringFile, adminTokenFile, policyFiles: Object.fromEntries(policyFiles) };
  process.stdout.write(`${JSON.stringify({ port, serviceHost, deviceHost, idScope, certificatesPath, ...files })}\n`);
}

function readPolicy(text: string): [string, Right[]] {
  const [, name, list] = /^([A-Za-z0-9_-]{1,64})=(.*)$/.exec(text) ?? [];
  if (name === undefined || list === undefined) throw new Error(USAGE);
  return [name, z.parse(z.array(z.enum(rights)), list.split(','))];
}

/** Drops members that are not there, so that they do not hide the defaults. */
function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]: Exclude<T[K], undefined> };
}
