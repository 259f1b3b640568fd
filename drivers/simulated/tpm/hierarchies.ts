// TPM2_HierarchyChangeAuth (part 3, 24.8) and TPM2_Startup (9.3).
import { commands } from '../../tpm/constants.ts';
import { authNames, withoutTrailingZeros } from './chip.ts';
import { furtherCommands, ofParameter, Refusal, rc, refuse } from './codes.ts';
import { type Answer, type Call, type Command, nothing, takes } from './command.ts';

/** TPM_SU (part 2, 6.10). */
const startupTypes = { clear: 0, state: 1 } as const;

function hierarchyChangeAuth({ chip, handles: [hierarchy = 0], input }: Call): Answer {
  // As long as the digest of the integrity hash, SHA-512.
  const auth = input.parameter(1, () => input.sized(64));
  input.end();
  const name = authNames.get(hierarchy);
  if (!name) throw new TypeError('a hierarchy was used whose presence was not checked');
  const before = chip.kept.auths[name];
  chip.keep({ auths: { ...chip.kept.auths, [name]: Buffer.from(withoutTrailingZeros(auth)) } });
  before.fill(0);
  return nothing;
}

/** A unit's firmware starts its TPM; who starts it first here is believed to be that. */
function startup({ chip, input }: Call): Answer {
  if (chip.started) refuse(rc.initialize);
  const type = input.parameter(1, () => input.u16());
  // No state was saved that could be restored.
  if (type !== startupTypes.clear) throw new Refusal(ofParameter(1)(rc.value));
  input.end();
  chip.started = true;
  return nothing;
}

export const hierarchyCommands: readonly Command[] = [
  {
    code: commands.HierarchyChangeAuth,
    handles: [{ takes: takes.hierarchyAuthorisation, role: 'user' }],
    sessions: true,
    encryptable: { command: true, response: false },
    run: hierarchyChangeAuth,
  },
  {
    code: furtherCommands.Startup,
    handles: [],
    sessions: false,
    encryptable: { command: false, response: false },
    run: startup,
  },
];
