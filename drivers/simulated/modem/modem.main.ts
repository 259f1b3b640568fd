// One simulated cellular module on a local socket. `socat PTY,link=/tmp/modem,rawer UNIX-CONNECT:SOCKET` puts it behind a pty.
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { parseArgs } from 'node:util';
import { readModemFaults } from './faults.ts';
import { SimulatedModem } from './modem.ts';

const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    memory: { type: 'string' },
    imei: { type: 'string', default: '490154203237518' },
    uuid: { type: 'string', default: '504d5632-3739-42fb-80c8-1411df972166' },
    mode: { type: 'string', default: '0' },
    faults: { type: 'string', default: '{}' },
  },
});
const { socket: path, memory, imei, uuid, mode } = values;
if (path === undefined || memory === undefined) {
  process.stderr.write(
    'usage: modem.main.ts --socket PATH --memory FILE [--imei N] [--uuid UUID] [--mode N: +CFUN at power-on] [--faults JSON]\n',
  );
  process.exit(2);
}

const faults = readModemFaults(JSON.parse(values.faults));
const modem = new SimulatedModem({ imei, uuid, mode: Number(mode) }, memory, faults, (act) => {
  // Its power is gone: nothing of it survives but its memory.
  if (act === faults.diesAt) process.kill(process.pid, 'SIGKILL');
});
// A process that was killed leaves its socket's name behind.
if (platform() !== 'win32') rmSync(path, { force: true });
const server = createServer((socket) => {
  socket.on('data', (bytes: Buffer) => {
    const said = modem.receive(bytes);
    if (socket.writable && said.length > 0) socket.write(said);
  });
  // The other end may vanish at any time; the module goes on.
  socket.on('error', () => socket.destroy());
});
// Whoever started it waits for this line.
server.listen(path, () => process.stdout.write(`listening ${path}\n`));
