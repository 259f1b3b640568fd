// A simulated TPM 2.0 for the practice line: real keys and a real ActivateCredential, none of a TPM's protection.
import { capabilities, commands, tags } from '../../tpm/constants.ts';
import { u16, u32 } from '../../tpm/marshal.ts';
import { tellInFailure } from './capabilities.ts';
import { Chip } from './chip.ts';
import { rc } from './codes.ts';
import { dispatch, headerLength, refused } from './dispatch.ts';
import { type MadeTpm, newState } from './manufacture.ts';
import { readState, writeState } from './state-file.ts';

/**
 * How it behaves: as it should; in failure mode, where it says who made it and nothing else; locked out after wrong
 * authorisations; as a TPM 1.2; or as a bus that nobody drives, where every byte reads as FF.
 */
export const behaviours = ['normal', 'failure-mode', 'lockout', 'tpm-1.2', 'silent-garbage'] as const;
export type Behaviour = (typeof behaviours)[number];

export type TpmOptions = {
  /** Its memory, which only its owner may read: there are keys inside. */
  readonly file: string;
  /** What it was made with, where there is no file yet. */
  readonly made: MadeTpm;
  readonly behaves?: Behaviour;
  /** Milliseconds since 1970, for what is forgotten with time. */
  readonly now?: () => number;
};

export class SimulatedTpm {
  readonly #answer: (command: Buffer) => Buffer;

  private constructor(chip: Chip, behaves: Behaviour) {
    this.#answer = answers[behaves](chip);
  }

  /**
   * Gives a TPM its power: what it keeps is as it was, nothing is loaded. Throws `store.damaged` for a file that is none of a TPM,
   * and the file system's errors.
   */
  static open({ file, made, behaves = 'normal', now = Date.now }: TpmOptions): SimulatedTpm {
    const before = readState(file);
    const kept = before ?? newState(made);
    if (!before) writeState(file, kept);
    return new SimulatedTpm(new Chip({ file, kept, lockedOut: behaves === 'lockout', now }), behaves);
  }

  /**
   * One command and its response, for whatever bytes. What it changes for good is in the file before it is answered. Throws the file
   * system's errors alone; then nothing has changed.
   */
  execute(command: Buffer): Buffer {
    return this.#answer(command);
  }
}

const answers: Readonly<Record<Behaviour, (chip: Chip) => (command: Buffer) => Buffer>> = {
  normal: (chip) => (command) => dispatch(chip, command),
  lockout: (chip) => (command) => dispatch(chip, command),
  'failure-mode': () => answerInFailure,
  // TPM_BADTAG under TPM_TAG_RSP_COMMAND.
  'tpm-1.2': () => () => refused(rc.badTag),
  'silent-garbage': () => () => Buffer.alloc(headerLength, 0xff),
};

/** Part 1, 12.4: only TPM2_GetCapability of properties, without sessions. */
function answerInFailure(command: Buffer): Buffer {
  const wanted = Buffer.concat([
    u16(tags.noSessions),
    u32(22),
    u32(commands.GetCapability),
    u32(capabilities.tpmProperties),
  ]);
  if (command.length !== 22 || !command.subarray(0, wanted.length).equals(wanted)) return refused(rc.failure);
  const told = tellInFailure(command.readUInt32BE(14), command.readUInt32BE(18));
  return Buffer.concat([u16(tags.noSessions), u32(headerLength + told.length), u32(0), told]);
}
