import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { combineComponents, componentCheckValue, parseGroupKey } from '../../drivers/hsm/group-key.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { open } from './folder.ts';
import { callWithSecond, type People } from './people.ts';
import { readBytes } from './recipe-file.ts';
import { askSecret, note, printJson } from './terminal.ts';

const roles = { first: 'security-officer', second: 'lead' } as const;

export type KeyOptions = People & { readonly label: string; readonly json: boolean };

/**
 * `birthmark key import-group`: a group key out of two components, each typed by its own custodian, who compares the
 * check value that is shown with the one on their sheet. Neither component alone tells anything of the key.
 */
export async function importGroup(folder: string, options: KeyOptions): Promise<number> {
  const opened = await open(folder, 'key import-group');
  let secret: Buffer | undefined;
  try {
    const first = await component('first');
    const second = await component('second');
    try {
      secret = combineComponents(first, second);
    } finally {
      first.fill(0);
      second.fill(0);
    }
    const params = { label: options.label };
    tell(await callWithSecond(opened, roles, options, 'hsm.importGroupKey', params, secret), options.json);
    return 0;
  } finally {
    secret?.fill(0);
    await opened.close();
  }
}

async function component(which: string): Promise<Buffer> {
  const text = await askSecret(`${which} component in base64`);
  try {
    const bytes = parseGroupKey(text.toString('latin1'));
    note(`The ${which} component's check value is ${componentCheckValue(bytes)}`);
    return bytes;
  } finally {
    text.fill(0);
  }
}

/** `birthmark key unwrapping`: makes the key pair that group keys are unwrapped with, and writes its public half. */
export async function makeUnwrapping(folder: string, options: KeyOptions & { readonly out: string }): Promise<number> {
  const opened = await open(folder, 'key unwrapping');
  try {
    const key = await callWithSecond(opened, roles, options, 'hsm.makeUnwrappingKey', { label: options.label });
    writeFileSync(options.out, `${JSON.stringify(key, null, 2)}\n`, { flag: 'wx' });
    writeFileSync(`${options.out}.pem`, pem(key.publicKey), { flag: 'wx' });
    if (options.json) printJson({ schema: 1, ...key });
    else {
      process.stdout.write(`The key's reference is in ${options.out}, its public half in ${options.out}.pem\n`);
      note(
        'Its owner wraps the group key with it: openssl pkeyutl -encrypt -pkeyopt rsa_padding_mode:oaep (drivers/hsm/README.md).',
      );
    }
    return 0;
  } finally {
    await opened.close();
  }
}

const pem = (spki: string) =>
  `-----BEGIN PUBLIC KEY-----\n${spki.replace(/(.{64})/g, '$1\n').trim()}\n-----END PUBLIC KEY-----\n`;

const keySchema = z.strictObject({ label: z.string(), id: z.string(), publicKey: z.string() });

/** `birthmark key unwrap-group`: a group key that its owner wrapped, unwrapped inside the HSM. */
export async function unwrapGroup(
  folder: string,
  options: KeyOptions & { readonly key: string; readonly wrapped: string },
): Promise<number> {
  const key = parse(keySchema, json(options.key), options.key);
  const wrapped = readBytes(options.wrapped).toString('base64');
  const opened = await open(folder, 'key unwrap-group');
  try {
    tell(
      await callWithSecond(opened, roles, options, 'hsm.unwrapGroupKey', { label: options.label, key, wrapped }),
      options.json,
    );
    return 0;
  } finally {
    await opened.close();
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(readBytes(file).toString('utf8'));
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    throw new StationError(
      'input.invalid',
      { place: file, expected: 'the JSON of birthmark key unwrapping', found: 'something else' },
      { cause },
    );
  }
}

/** What a recipe names the key by. */
function tell(
  key: { readonly label: string; readonly id: string; readonly checkValue: string },
  asJson: boolean,
): void {
  if (asJson) printJson({ schema: 1, ...key });
  else process.stdout.write(`Imported. In the recipe: "key": ${JSON.stringify(key)}\n`);
}
