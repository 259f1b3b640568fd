// TPM2_ReadPublic (part 3, 12.4), TPM2_FlushContext (28.4) and TPM2_EvictControl (28.5).
import { commands, handles } from '../../tpm/constants.ts';
import { sized } from '../../tpm/marshal.ts';
import { limits, qualifiedName } from './chip.ts';
import { furtherCommands, handleTypes, ofHandle, ofParameter, Refusal, rc, refuse, typeOf } from './codes.ts';
import { type Answer, type Call, type Command, nothing, takes } from './command.ts';
import { loadedAt } from './entities.ts';
import { stClear } from './template.ts';

/** From here on, persistent handles are the platform's (TCG registry of reserved handles 2.3.1). */
const platformPersistent = 0x8180_0000;

function readPublic({ chip, handles: [handle = 0], input }: Call): Answer {
  input.end();
  const key = loadedAt(chip, handle);
  return { parameters: Buffer.concat([sized(key.public.area), sized(key.name), sized(qualifiedName(key))]) };
}

function flushContext({ chip, input }: Call): Answer {
  const handle = input.parameter(1, () => input.u32());
  if (!takes.context(handle)) throw new Refusal(ofParameter(1)(rc.value));
  input.end();
  const gone = typeOf(handle) === handleTypes.transient ? chip.objects.delete(handle) : chip.sessions.delete(handle);
  return gone ? nothing : refuseFlush();
}

const refuseFlush = (): never => {
  throw new Refusal(ofParameter(1)(rc.handle));
};

function evictControl({ chip, handles: [, handle = 0], input }: Call): Answer {
  const persistent = input.parameter(1, () => input.u32());
  if (!takes.persistent(persistent)) throw new Refusal(ofParameter(1)(rc.value));
  input.end();
  const key = loadedAt(chip, handle);
  const isPersistent = typeOf(handle) === handleTypes.persistent;
  const passes = key.hierarchy === handles.null || (key.public.attributes & stClear) !== 0;
  if (passes) throw new Refusal(ofHandle(2)(rc.attributes));
  if (isPersistent && handle !== persistent) throw new Refusal(ofHandle(2)(rc.handle));
  // The owner authorises it; the platform hierarchy is disabled.
  if (persistent >= platformPersistent) throw new Refusal(ofParameter(1)(rc.range));
  const all = new Map(chip.kept.persistent);
  if (isPersistent) all.delete(handle);
  else if (all.has(persistent)) refuse(rc.nvDefined);
  else if (all.size >= limits.persistent) refuse(rc.nvSpace);
  else all.set(persistent, { primary: key.of, auth: key.auth });
  chip.keep({ persistent: all });
  return nothing;
}

export const objectCommands: readonly Command[] = [
  {
    code: commands.ReadPublic,
    handles: [{ takes: takes.object, role: 'none' }],
    sessions: true,
    encryptable: { command: false, response: true },
    run: readPublic,
  },
  {
    code: commands.FlushContext,
    // The handle is a parameter: what is flushed may be a session, and is not authorised.
    handles: [],
    sessions: false,
    encryptable: { command: false, response: false },
    run: flushContext,
  },
  {
    code: furtherCommands.EvictControl,
    handles: [
      { takes: takes.provision, role: 'user' },
      { takes: takes.object, role: 'none' },
    ],
    sessions: true,
    encryptable: { command: false, response: false },
    run: evictControl,
  },
];
