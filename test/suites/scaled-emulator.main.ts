// An emulator in a process of its own whose time is compressed: `--folder`, `--factor`, `--epoch`, `--per-minute`. Prints
// where it is reached, and ends with its standard input.
import { parseArgs } from 'node:util';
import { startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { ScaledClock } from './scaled-clock.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    factor: { type: 'string', default: '1' },
    epoch: { type: 'string', default: '0' },
    'per-minute': { type: 'string', default: '200' },
  },
});
const clock = new ScaledClock(Number(values.factor), Number(values.epoch));
const throttle = { servicePerMinute: Number(values['per-minute']), registrationsPerMinute: 1, pollsPerTenSeconds: 1 };
const emulator = await startEmulator({
  folder: values.folder,
  clock: () => Math.floor(clock.now()),
  switches: { throttle },
});
const { port, ca, connectionString } = emulator;
process.stdout.write(`${JSON.stringify({ port, ca, connectionString })}\n`);
process.stdin.once('end', () => void emulator.close()).resume();
process.on('message', () => {
  const lines = emulator.requests();
  process.send?.({ refused: lines.filter(({ status }) => status === 429).length });
});
