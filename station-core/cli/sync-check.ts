import { type CloudCheck, type CloudRight, type Purpose, purposes } from '../contract/cloud.ts';
import { sentence } from '../contract/errors.ts';
import { actAs, open } from './folder.ts';
import { printJson } from './terminal.ts';

/** `birthmark sync check`: the way to the cloud and what the station may do there. Answers 0 when uploads work. */
export async function syncCheck(folder: string, options: { json: boolean; as?: string | undefined }): Promise<number> {
  const opened = await open(folder, 'sync check');
  try {
    const actor = await actAs(opened, 'technician', options.as);
    const check = await opened.station.call('sync.check', {}, { actor });
    if (options.json) printJson({ schema: 1, ...check });
    else process.stdout.write(textOf(check));
    return check.ok ? 0 : 1;
  } finally {
    await opened.close();
  }
}

const purposeWords = {
  upload: 'uploads need it',
  group: 'for orders by an enrollment group',
  compare: 'for comparing symmetric keys after a conflict',
  reconcile: 'for reconciling',
  withdraw: 'for taking units out of service',
  none: 'nothing needs it',
} as const satisfies Record<Purpose, string>;

const hasWords = { yes: 'may', no: 'may not', unknown: 'unknown' } as const satisfies Record<CloudRight['has'], string>;

function textOf({ host, emulator, idScope, caller, way, skewMs, rights, error, warnings, ok }: CloudCheck): string {
  const row = (name: string, text: string) => `  ${name.padEnd(12)}${text}`;
  const ordered = purposes.flatMap((purpose) => rights.filter((right) => right.purpose === purpose));
  const lines = [
    `${host}: ${ok ? 'uploads work' : 'uploads do not work'}${emulator ? ' (this is the emulator)' : ''}`,
    row('ID scope', idScope),
    ...way.map(({ step, found }) => row(step, found)),
    row('caller', caller),
    ...(skewMs === undefined ? [] : [row('clock', clockText(skewMs))]),
    ...ordered.map(({ has, what, purpose, right }) =>
      row(hasWords[has], `${what.padEnd(28)}${right} (${purposeWords[purpose]})`),
    ),
    ...(error ? [sentence(error)] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function clockText(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  if (seconds <= 1) return "within a second of the service's";
  return `${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the service's`;
}
