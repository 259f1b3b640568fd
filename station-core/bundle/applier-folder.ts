import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type ApplierFile, applierFileSchema } from '../contract/bundle.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { type ApplierKeys, openKeys } from './applier-keys.ts';
import { fingerprintOf } from './format.ts';

/** The files of an applier's folder. */
export const applierFiles = { settings: 'applier.json', keys: 'keys.jwk', public: 'public.json' } as const;

/** Its settings; no secret. */
export const settingsSchema = z.strictObject({
  schema: z.literal(1),
  mode: z.enum(['practice', 'production']),
  /** Operations a minute that may be asked of DPS; every station and applier of one instance shares its limit. */
  budgetPerMinute: z._default(z.int().check(z.gte(1), z.lte(100_000)), 200),
  /** Another way to the service than its name in the DNS and the public CAs: a private endpoint, or an emulator. */
  service: z.exactOptional(
    z.strictObject({
      host: z.string().check(z.regex(/^[A-Za-z0-9.:-]{1,255}$/, 'a host')),
      port: z.int().check(z.gte(1), z.lte(65_535)),
      caFile: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(4_096))),
    }),
  ),
});
export type ApplierSettings = z.output<typeof settingsSchema>;

/** Reads a JSON file of the folder. Throws `input.invalid` that names it, or `bundle.no-applier-folder`. */
function readJson<S extends z.core.$ZodType>(folder: string, name: string, schema: S): z.output<S> {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    throw new StationError('bundle.no-applier-folder', { folder }, { cause });
  }
  try {
    return parse(schema, JSON.parse(text), name);
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    throw new StationError('input.invalid', { place: name, expected: 'JSON', found: 'something else' }, { cause });
  }
}

export const readSettings = (folder: string): ApplierSettings =>
  readJson(folder, applierFiles.settings, settingsSchema);

export const readKeyFile = (folder: string): string => {
  try {
    return readFileSync(join(folder, applierFiles.keys), 'utf8');
  } catch (cause) {
    throw new StationError('bundle.no-applier-folder', { folder }, { cause });
  }
};

/** The public half of a pair of keys. */
export function publicFileOf(name: string, keys: ApplierKeys): ApplierFile {
  const spki = (key: ApplierKeys['receipts']) =>
    createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  const [encryption, receipts] = [spki(keys.decryption), spki(keys.receipts)];
  return { schema: 1, kind: 'birthmark-applier', name, encryption, receipts };
}

/** The applier's keys and their public halves, which must be those of `public.json`. `phrase` opens the keys. Throws `input.invalid`. */
export async function openIdentity(
  folder: string,
  phrase: Buffer,
): Promise<{ readonly keys: ApplierKeys; readonly file: ApplierFile }> {
  const file = readJson(folder, applierFiles.public, applierFileSchema);
  const keys = await openKeys(readKeyFile(folder), phrase);
  if (fingerprintOf(publicFileOf(file.name, keys)) === fingerprintOf(file)) return { keys, file };
  throw new StationError('input.invalid', {
    place: applierFiles.public,
    expected: 'the public halves of its keys',
    found: 'others',
  });
}
