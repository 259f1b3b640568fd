import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeCredential } from '../dps/announcement.ts';
import { startHub } from './hub.ts';

const USAGE = 'usage: hub.main.ts --folder DIR [--port N] [--until-stdin-closes]';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'until-stdin-closes': { type: 'boolean', default: false },
  },
});
if (values.folder === undefined || !/^\d{1,5}$/.test(values.port)) throw new Error(USAGE);

const hub = await startHub({ folder: values.folder, port: Number(values.port) });

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  // Standard input would keep the process alive.
  process.stdin.destroy();
  void hub.close();
}
process.once('SIGTERM', end);
process.once('SIGINT', end);
if (values['until-stdin-closes']) process.stdin.once('close', end).once('end', end).resume();

// Last, since whoever reads the ready line may end this process in the next moment. Credentials go into files instead.
const connectionStringFile = join(values.folder, 'connection-string.txt');
writeCredential(connectionStringFile, hub.connectionStringOf('registryReadWrite'));
process.stdout.write(
  `${JSON.stringify({ port: hub.port, host: hub.host, caFile: hub.caFile, connectionStringFile })}\n`,
);
