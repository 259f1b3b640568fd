import { fsck } from '../fsck/fsck.ts';
import { note, printJson } from './terminal.ts';

/** `birthmark fsck`: answers 0 only when nothing contradicts anything and nothing is left open. */
export async function check(folder: string, json: boolean): Promise<number> {
  const findings = await fsck(folder, (about) => note(`checking ${about} …`));
  if (json) printJson({ schema: 1, content: findings.length === 0, findings });
  else if (findings.length === 0) process.stdout.write('Content: nothing contradicts anything.\n');
  else {
    for (const { kind, what, says } of findings) process.stdout.write(`${kind}: ${what}: ${says}\n`);
    const damage = findings.filter(({ kind }) => kind === 'damage').length;
    const advice =
      damage > 0 ? 'Keep the folder as it is and call the lead.' : 'Start the station once; it closes them.';
    process.stdout.write(`${damage} damaged, ${findings.length - damage} open. ${advice}\n`);
  }
  return findings.length === 0 ? 0 : 1;
}
