import { base64 } from '../base64.ts';
import { writeNew } from './ca-files.ts';
import type { CaOptions } from './ca-people.ts';
import { actAs, open } from './folder.ts';
import { callWithSecond } from './people.ts';
import { note, printJson, printSecret } from './terminal.ts';

export type LinesOptions = CaOptions & { readonly order: string; readonly out: string; readonly keys: boolean };

const two = { first: 'security-officer', second: 'lead' } as const;

/** Only its owner reads a file with keys. */
const secretMode = 0o600;

/** `birthmark sync hub-lines`: devices.txt of an import job. Answers 0 when every finished unit of the order has its line. */
export async function hubLines({ station, order, out, keys, json, ...people }: LinesOptions): Promise<number> {
  const opened = await open(station, 'sync hub-lines');
  let lines: Buffer = Buffer.alloc(0);
  try {
    const made = await writeNew(
      [out],
      async () => {
        if (keys)
          return callWithSecond(opened, two, people, 'hub.keyLines', { order }, undefined, (bytes) => {
            lines = bytes;
          });
        const actor = await actAs(opened, 'lead', people.as);
        const { text, ...counts } = await opened.station.call('hub.lines', { order }, { actor });
        lines = Buffer.from(text, 'utf8');
        return counts;
      },
      () => [lines],
      keys ? secretMode : undefined,
    );
    if (json) printJson({ schema: 1, order, file: out, ...made });
    else process.stdout.write(`${made.units} line${made.units === 1 ? '' : 's'}: ${out}\n`);
    if (made.left > 0)
      note(`${made.left} units have no line: their keys ${keys ? 'are kept no more' : 'were not asked for (--keys)'}.`);
    if (keys) note('The file holds keys. Delete it once the import job has read it.');
    return made.left === 0 ? 0 : 1;
  } finally {
    lines.fill(0);
    await opened.close();
  }
}

export type ModuleOptions = CaOptions & { readonly registrationId: string; readonly moduleId: string };

/** `birthmark key module`: makes a module of a unit in its hub and prints the module's connection string. Two people. */
export async function keyModule({
  station,
  registrationId,
  moduleId: module,
  json,
  ...people
}: ModuleOptions): Promise<number> {
  const opened = await open(station, 'key module');
  let key: Buffer = Buffer.alloc(0);
  try {
    const params = { registrationId, module };
    const made = await callWithSecond(opened, two, people, 'hub.module', params, undefined, (bytes) => {
      key = bytes;
    });
    const head = `HostName=${made.host};DeviceId=${made.deviceId};ModuleId=${made.module};SharedAccessKey=`;
    const line = Buffer.concat([
      Buffer.from(json ? '{"schema":1,"connectionString":"' : ''),
      Buffer.from(head),
      base64(key),
      Buffer.from(json ? '"}\n' : '\n'),
    ]);
    await printSecret(line);
    return 0;
  } finally {
    key.fill(0);
    await opened.close();
  }
}
