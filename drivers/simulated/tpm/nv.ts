// TPM2_NV_ReadPublic (part 3, 31.6) and TPM2_NV_Read (31.13). Nothing writes: the maker filled the indices.
import { commands, handles, nvAttributes } from '../../tpm/constants.ts';
import { sized } from '../../tpm/marshal.ts';
import { ofParameter, Refusal, rc, refuse } from './codes.ts';
import { type Answer, type Call, type Command, takes } from './command.ts';
import { entityName, indexAt, noDa, nvPublic } from './entities.ts';

/** TPM_PT_NV_BUFFER_MAX. */
export const nvBufferMax = 1_024;
/** TPMA_NV_OWNERREAD (part 2, 13.4). */
const ownerRead = 1 << 17;

/** What an index of the maker has: PPWRITE, WRITEDEFINE, PPREAD, OWNERREAD, AUTHREAD, NO_DA, WRITTEN, PLATFORMCREATE, as swtpm's. */
export const makersAttributes =
  1 | (1 << 13) | (1 << 16) | ownerRead | nvAttributes.authRead | noDa | nvAttributes.written | (1 << 30);

function nvReadPublic({ chip, handles: [index = 0], input }: Call): Answer {
  input.end();
  const area = nvPublic(index, indexAt(chip, index));
  return { parameters: Buffer.concat([sized(area), sized(entityName(chip, index))]) };
}

function nvRead({ chip, handles: [authority = 0, index = 0], input }: Call): Answer {
  const size = input.parameter(1, () => input.u16());
  const offset = input.parameter(2, () => input.u16());
  input.end();
  const { attributes, content } = indexAt(chip, index);
  const allowed = authority === handles.owner ? (attributes & ownerRead) !== 0 : authority === index;
  if (!allowed) refuse(rc.nvAuthorization);
  if ((attributes & nvAttributes.written) === 0) refuse(rc.nvUninitialized);
  if (size > nvBufferMax) throw new Refusal(ofParameter(1)(rc.value));
  if (offset > content.length) throw new Refusal(ofParameter(2)(rc.value));
  if (size > content.length - offset) refuse(rc.nvRange);
  return { parameters: sized(content.subarray(offset, offset + size)) };
}

export const nvCommands: readonly Command[] = [
  {
    code: commands.NV_ReadPublic,
    handles: [{ takes: takes.nvIndex, role: 'none' }],
    sessions: true,
    encryptable: { command: false, response: true },
    run: nvReadPublic,
  },
  {
    code: commands.NV_Read,
    handles: [
      { takes: takes.nvAuthorisation, role: 'user' },
      { takes: takes.nvIndex, role: 'none' },
    ],
    sessions: true,
    encryptable: { command: false, response: true },
    run: nvRead,
  },
];
