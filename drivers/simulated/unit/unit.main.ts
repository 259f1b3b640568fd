// One simulated unit on a local socket. `socat PTY,link=/tmp/unit,rawer UNIX-CONNECT:SOCKET` puts it behind a pty.
import { parseArgs } from 'node:util';
import { macBytes, simulatedModel } from './arguments.ts';
import { FileFlash } from './flash.ts';
import { listenFixture } from './listen.ts';
import { flashSize, Memory } from './memory.ts';
import { WiredUnit } from './wired.ts';

const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    memory: { type: 'string' },
    serial: { type: 'string', default: 'SN-000001' },
    mac: { type: 'string' },
    silent: { type: 'boolean', default: false },
  },
});
const { socket, memory, serial, mac, silent } = values;
if (socket === undefined || memory === undefined) {
  process.stderr.write('usage: unit.main.ts --socket PATH --memory FILE [--serial S] [--mac MAC] [--silent]\n');
  process.exit(2);
}

const facts = { serial, ...simulatedModel, ...(mac === undefined ? {} : { mac: macBytes(mac) }) };
const unit = new WiredUnit(facts, new Memory(new FileFlash(memory, flashSize)));
unit.silent = silent;
await listenFixture(socket, { unit, sockets: new Set() });
// Whoever started it waits for this line.
process.stdout.write(`listening ${socket}\n`);
