// A TPM whose owner changes without end: to be killed. Each number is printed after the command that made it the password.
import { writeSync } from 'node:fs';
import { SimulatedTpm } from '../../drivers/simulated/tpm/tpm.ts';
import { handles } from '../../drivers/tpm/constants.ts';
import { sized } from '../../drivers/tpm/marshal.ts';
import { codeOf, commandOf, password } from './simulated-tpm-wire.ts';

const [file = ''] = process.argv.slice(2);
const tpm = SimulatedTpm.open({ file, made: { ekKey: '', certificate: Buffer.alloc(0) } });
for (let before = '', number = 1; ; number += 1) {
  const next = String(number);
  const command = commandOf('HierarchyChangeAuth', {
    handles: [handles.owner],
    sessions: [password(before)],
    parameters: sized(Buffer.from(next)),
  });
  if (codeOf(tpm.execute(command)) !== 0) throw new Error(`the owner cannot become ${next}`);
  writeSync(1, `${next}\n`);
  before = next;
}
