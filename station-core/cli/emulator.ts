import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Announcement, announcement } from '../../drivers/simulated/dps/announcement.ts';
import { type Emulator, startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { DpsError } from '../../drivers/simulated/dps/errors.ts';
import { readSwitches, type Switches } from '../../drivers/simulated/dps/switches.ts';
import { StationError } from '../contract/errors.ts';
import { stopAsked } from './serve.ts';
import { note, printJson } from './terminal.ts';

export type EmulatorOptions = {
  readonly folder?: string | undefined;
  readonly port: number;
  readonly mqttPort: number;
  readonly switches: string;
  readonly json: boolean;
};

/** `birthmark emulator`: the practice line's DPS on its own, until it is told to stop. */
export async function runEmulator(options: EmulatorOptions): Promise<number> {
  const { port, mqttPort, json } = options;
  const switches = switchesOf(options.switches);
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'birthmark-emulator-')));
  const emulator = await start({ folder, port, mqttPort, switches });
  const stopped = stopAsked();
  try {
    const announced = announcement(emulator, folder);
    if (json) printJson(announced);
    else print(announced);
    note('Stop it with Ctrl-C.');
    await stopped;
  } finally {
    await emulator.close();
  }
  return 0;
}

function switchesOf(text: string): Partial<Switches> {
  try {
    return readSwitches(text);
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    const expected = "JSON with members of the emulator's table of switches";
    throw new StationError('input.invalid', { place: '--switches', expected, found: error.message }, { cause: error });
  }
}

async function start(options: Parameters<typeof startEmulator>[0]): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const found = code === 'EACCES' ? 'one that needs more rights' : 'one that another program has';
    const place = '--port or --mqtt-port';
    throw new StationError('input.invalid', { place, expected: 'a free port', found }, { cause: error });
  }
}

function print(ready: Announcement): void {
  const { port, mqttPort, serviceHost, deviceHost, idScope, certificatesPath } = ready;
  const lines = [
    'The DPS emulator is ready. It stands in for Azure DPS on this machine and proves nothing about it.',
    '',
    `HTTPS               127.0.0.1:${port}   service API, device API, MQTT over WebSocket, tokens of Entra ID`,
    `MQTT over TLS       127.0.0.1:${mqttPort}`,
    `service API         ${serviceHost}`,
    `device API          ${deviceHost}`,
    `ID scope            ${idScope}`,
    `CA certificates     ${certificatesPath} at ${serviceHost}, with the admin token`,
    '',
    `CA to trust         ${ready.caFile}`,
    `connection string   ${ready.connectionStringFile}`,
    `admin token         ${ready.adminTokenFile}`,
    '',
    'To point an SDK at it:',
    `  HTTPS   Keep the host names and connect to 127.0.0.1:${port} (an agent, a hosts file and a forwarded port 443, curl`,
    `          --connect-to), so that SNI and Host name the service. Trust the CA (NODE_EXTRA_CA_CERTS=${ready.caFile}).`,
    `  MQTT    Give localhost:${mqttPort} as the provisioning host, and trust the CA.`,
    '  Try it',
    `          curl --cacert ${ready.caFile} --connect-to ::127.0.0.1:${port} -H "Authorization: Bearer $(cat ${ready.adminTokenFile})" \\`,
    `            https://${serviceHost}/birthmark-emulator/switches`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
