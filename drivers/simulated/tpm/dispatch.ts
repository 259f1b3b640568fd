// From a command's bytes to its response's (part 1, 18; part 3, 5).
import { tags } from '../../tpm/constants.ts';
import { u16, u32 } from '../../tpm/marshal.ts';
import { activateCommands } from './activate.ts';
import { answerSessions, authorise, readSessions, shortestSession, type Used } from './authorise.ts';
import { capabilityCommands } from './capabilities.ts';
import type { Chip } from './chip.ts';
import { blaming, handleTypes, ofHandle, Refusal, rc, refuse, typeOf } from './codes.ts';
import type { Answer, Command } from './command.ts';
import { checkPresence } from './entities.ts';
import { hierarchyCommands } from './hierarchies.ts';
import { Input } from './input.ts';
import { nvCommands } from './nv.ts';
import { objectCommands } from './objects.ts';
import { primaryCommands } from './primaries.ts';
import { sessionCommands } from './sessions.ts';

const table: ReadonlyMap<number, Command> = new Map(
  [
    ...activateCommands,
    ...capabilityCommands,
    ...hierarchyCommands,
    ...nvCommands,
    ...objectCommands,
    ...primaryCommands,
    ...sessionCommands,
  ].map((command) => [command.code, command]),
);

export const headerLength = 10;
/** TPM_PT_MAX_COMMAND_SIZE. */
const longest = 4_096;

/** One command, answered. Throws nothing whatever the bytes are; what it throws is the file system's, or a bug. */
export function dispatch(chip: Chip, bytes: Buffer): Buffer {
  try {
    return run(chip, bytes);
  } catch (thrown) {
    if (thrown instanceof Refusal) return refused(thrown.code);
    throw thrown;
  }
}

/** A response without anything. To a command that it does not know for one, a TPM answers as TPM 1.2 did (part 1, 18.4). */
export const refused = (code: number): Buffer =>
  Buffer.concat([u16(code === rc.badTag ? tags.rspCommand : tags.noSessions), u32(headerLength), u32(code)]);

function run(chip: Chip, bytes: Buffer): Buffer {
  const { tag, command, input } = readHeader(bytes);
  const handles = readHandles(command, input);
  checkHandles(chip, handles);
  const sessions = tag === tags.sessions ? readArea(chip, command, input) : [];
  authorise(chip, command, handles, sessions);
  const answer = command.run({ chip, handles, input });
  return respond(tag, answer, tag === tags.sessions ? answerSessions(chip, sessions) : Buffer.alloc(0));
}

/** Tag, size and code, in the order in which part 3, 5.2 checks them. */
function readHeader(bytes: Buffer): { readonly tag: number; readonly command: Command; readonly input: Input } {
  const input = new Input(bytes);
  if (bytes.length < headerLength) refuse(rc.commandSize);
  const tag = input.u16();
  if (tag !== tags.noSessions && tag !== tags.sessions) refuse(rc.badTag);
  if (input.u32() !== bytes.length || bytes.length > longest) refuse(rc.commandSize);
  const command = table.get(input.u32()) ?? refuse(rc.commandCode);
  return { tag, command, input };
}

function readHandles(command: Command, input: Input): readonly number[] {
  return command.handles.map(({ takes }, at) =>
    blaming(ofHandle(at + 1), () => {
      const handle = input.u32();
      return takes(handle) ? handle : refuse(rc.value);
    }),
  );
}

function checkHandles(chip: Chip, handles: readonly number[]): void {
  let borrowed = 0;
  for (const [at, handle] of handles.entries()) {
    blaming(ofHandle(at + 1), () => checkPresence(chip, handle, at, borrowed));
    if (typeOf(handle) === handleTypes.persistent) borrowed += 1;
  }
}

/** The authorisation area, behind its size (part 3, 5.5). */
function readArea(chip: Chip, command: Command, input: Input): readonly Used[] {
  const size = input.u32();
  if (size < shortestSession || size > input.left) refuse(rc.authSize);
  const area = new Input(input.bytes(size));
  if (!command.sessions) refuse(rc.authContext);
  return readSessions(chip, command, area);
}

function respond(tag: number, { handle, parameters }: Answer, sessions: Buffer): Buffer {
  const body = Buffer.concat([
    handle === undefined ? Buffer.alloc(0) : u32(handle),
    ...(tag === tags.sessions ? [u32(parameters.length)] : []),
    parameters,
    sessions,
  ]);
  return Buffer.concat([u16(tag), u32(headerLength + body.length), u32(0), body]);
}
