// TPM2_CreatePrimary (part 3, 24.1).
import { createHash, createHmac } from 'node:crypto';
import { algorithms, commands } from '../../tpm/constants.ts';
import { sized, u8, u16, u32 } from '../../tpm/marshal.ts';
import { hashLength } from '../../tpm/public.ts';
import { type Chip, type LoadedKey, limits, loadedKey, withoutTrailingZeros } from './chip.ts';
import { handleTypes, ofParameter, Refusal, rc, refuse, ticketTags } from './codes.ts';
import { type Answer, type Call, type Command, takes } from './command.ts';
import type { Input } from './input.ts';
import { areaOf, makeKey } from './keys.ts';
import type { Primary } from './state.ts';
import { checkTemplate, readTemplate, type Template } from './template.ts';

/** TPM2B_DATA holds a hash with its algorithm at most, TPM2B_SENSITIVE_DATA what a keyed hash does (part 2, 10.4.3 and 11.1.14). */
const longest = { outside: 66, sensitive: 128 } as const;
/** TPMA_LOCALITY: locality zero, where everything but firmware is (part 2, 8.5). */
const localityZero = 1;

function createPrimary({ chip, handles: [hierarchy = 0], input }: Call): Answer {
  const sensitive = input.parameter(1, (parameter) => parameter.sizedOf(() => readSensitive(parameter)));
  const { template, read } = input.parameter(2, (parameter) => parameter.sizedOf(() => readTemplate(parameter)));
  const outside = input.parameter(3, () => input.sized(longest.outside));
  input.parameter(4, readNoPcrs);
  input.end();
  const handle = freeHandle(chip);
  const nameAlgorithm = input.parameter(2, () => checkTemplate(read));
  const auth = withoutTrailingZeros(sensitive.auth);
  if (auth.length > hashLength[nameAlgorithm]) throw new Refusal(ofParameter(1)(rc.size));
  const of = digestOf(hierarchy, template.bytes, sensitive.seed);
  const primary = chip.primary(of) ?? make(chip, of, hierarchy, template);
  const key = loadedKey(of, primary, Buffer.from(auth));
  chip.objects.set(handle, key);
  return { handle, parameters: describe(chip, key, outside) };
}

/** TPMS_SENSITIVE_CREATE (part 2, 11.1.15): a password, and what goes into the key beside the seed. */
function readSensitive(input: Input): { readonly auth: Buffer; readonly seed: Buffer } {
  return { auth: input.sized(64), seed: input.sized(longest.sensitive) };
}

/** TPML_PCR_SELECTION: this TPM has no PCRs to select. */
function readNoPcrs(input: Input): void {
  if (input.u32() !== 0) refuse(rc.size);
}

function freeHandle(chip: Chip): number {
  for (let handle = handleTypes.transient * 2 ** 24, at = 0; at < limits.objects; at += 1) {
    if (!chip.objects.has(handle + at)) return handle + at;
  }
  return refuse(rc.objectMemory);
}

/** A primary key is a function of its hierarchy's seed, its template and the data that came with it (part 1, 14.3). */
export function digestOf(hierarchy: number, template: Buffer, seed: Buffer = Buffer.alloc(0)): string {
  return createHash('sha256').update(u32(hierarchy)).update(sized(template)).update(sized(seed)).digest('hex');
}

function make(chip: Chip, of: string, hierarchy: number, { kind, head }: Template): Primary {
  const key = makeKey(kind);
  const primary = { hierarchy, area: areaOf(key, kind, head), key };
  chip.remember(of, primary);
  return primary;
}

/** Public area, creation data, their hash, the ticket over both, and the Name. */
function describe(chip: Chip, { hierarchy, public: area, name }: LoadedKey, outside: Buffer): Buffer {
  const hash = area.nameAlgorithm;
  const parent = sized(u32(hierarchy));
  const creation = Buffer.concat([
    u32(0), // no PCRs, and the digest of none
    sized(createHash(hash).digest()),
    u8(localityZero),
    u16(algorithms.null),
    parent,
    parent,
    sized(outside),
  ]);
  const creationHash = createHash(hash).update(creation).digest();
  // SHA-512 as swtpm's integrity hash; whoever makes a ticket is the only one to check it (part 2, 10.7).
  const proven = createHmac('sha512', chip.kept.proof)
    .update(u32(hierarchy))
    .update(name)
    .update(creationHash)
    .digest();
  const ticket = Buffer.concat([u16(ticketTags.creation), u32(hierarchy), sized(proven)]);
  return Buffer.concat([sized(area.area), sized(creation), sized(creationHash), ticket, sized(name)]);
}

export const primaryCommands: readonly Command[] = [
  {
    code: commands.CreatePrimary,
    handles: [{ takes: takes.hierarchy, role: 'user' }],
    sessions: true,
    encryptable: { command: true, response: true },
    run: createPrimary,
  },
];
