import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { announcement } from './announcement.ts';
import { startEmulator } from './emulator.ts';
import { type Right, readSwitches, rights } from './switches.ts';

const USAGE = `usage: dps.main.ts --folder DIR [--port N] [--mqtt-port N] [--switches JSON] [--policy NAME=RIGHT,RIGHT]... [--until-stdin-closes]`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'mqtt-port': { type: 'string', default: '0' },
    switches: { type: 'string', default: '{}' },
    policy: { type: 'string', multiple: true, default: [] },
    'until-stdin-closes': { type: 'boolean', default: false },
  },
});
const ports = [values.port, values['mqtt-port']];
if (values.folder === undefined || !ports.every((port) => /^\d{1,5}$/.test(port))) throw new Error(USAGE);

const policies = Object.fromEntries(values.policy.map(readPolicy));
const emulator = await startEmulator({
  folder: values.folder,
  port: Number(values.port),
  mqttPort: Number(values['mqtt-port']),
  switches: readSwitches(values.switches),
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
process.stdout.write(`${JSON.stringify(announcement(emulator, values.folder, Object.keys(policies)))}\n`);

function readPolicy(text: string): [string, Right[]] {
  const [, name, list] = /^([A-Za-z0-9_-]{1,64})=(.*)$/.exec(text) ?? [];
  if (name === undefined || list === undefined) throw new Error(USAGE);
  return [name, z.parse(z.array(z.enum(rights)), list.split(','))];
}
