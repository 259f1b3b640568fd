// One simulated unit on a local socket. `socat PTY,link=/tmp/unit,rawer UNIX-CONNECT:SOCKET` puts it behind a pty.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { macBytes, portNumber, simulatedModel } from './arguments.ts';
import { Cable } from './cable.ts';
import { equip } from './factory.ts';
import { readFaultPlan } from './faults.ts';
import { FileFlash } from './flash.ts';
import { listenFixture } from './listen.ts';
import { flashSize } from './memory.ts';
import { Power, PoweredUnit } from './power.ts';
import { openUnitsTpm } from './units-tpm.ts';

const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    memory: { type: 'string' },
    serial: { type: 'string', default: 'SN-000001' },
    mac: { type: 'string' },
    silent: { type: 'boolean', default: false },
    faults: { type: 'string', default: '{}' },
    key: { type: 'string' },
    chain: { type: 'string' },
    'tpm-port': { type: 'string' },
  },
});
const { socket, memory, serial, mac, silent, key, chain, 'tpm-port': tpmPort } = values;
const hasOwn = key !== undefined && chain !== undefined;
if (socket === undefined || memory === undefined || (!hasOwn && (key ?? chain) !== undefined)) {
  process.stderr.write(
    'usage: unit.main.ts --socket PATH --memory FILE [--serial S] [--mac MAC] [--silent] [--faults JSON]\n' +
      '       [--key FILE --chain FILE: PEM, what the unit came with]\n' +
      "       [--tpm-port N: its TPM, swtpm's TCP port on this machine]\n",
  );
  process.exit(2);
}

const facts = { serial, ...simulatedModel, ...(mac === undefined ? {} : { mac: macBytes(mac) }) };
const plan = readFaultPlan(JSON.parse(values.faults));
const flash = new FileFlash(memory, flashSize);
if (hasOwn) {
  equip(flash, { key: readFileSync(key, 'utf8'), chain: readFileSync(chain, 'utf8') });
}
const has = tpmPort === undefined ? {} : { tpm: openUnitsTpm({ port: portNumber(tpmPort) }, '') };
const unit = new PoweredUnit(facts, flash, new Power(plan.power), has);
unit.silent = silent;
await listenFixture(socket, { unit, cable: new Cable(plan), sockets: new Set() });
// Whoever started it waits for this line.
process.stdout.write(`listening ${socket}\n`);
