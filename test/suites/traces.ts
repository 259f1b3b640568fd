import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every way in which a name may have been written down: as it is, in other cases, UTF-16, hex, and base64 at any of its three places. */
export function formsOf(value: string): Buffer[] {
  const cases = [...new Set([value, value.toLowerCase(), value.toUpperCase(), value.replaceAll(':', '')])];
  const digest = /^[0-9a-f]{64}$/.test(value) ? [Buffer.from(value, 'hex')] : [];
  const forms = cases.flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8');
    const hex = bytes.toString('hex');
    const wide = Buffer.from(text, 'utf16le');
    return [
      bytes,
      wide,
      Buffer.from(wide).swap16(),
      Buffer.from(hex),
      Buffer.from(hex.toUpperCase()),
      ...inBase64(bytes),
    ];
  });
  return [...forms, ...digest];
}

/** The letters of a base64 text that the value alone decides, for each way in which it may lie in groups of three bytes. */
function inBase64(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = text.slice(Math.ceil((before * 4) / 3), -1);
    return [Buffer.from(whole), Buffer.from(whole.replaceAll('+', '-').replaceAll('/', '_'))];
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

/** Where a value stands in the files of a folder, as `file: form`; the stand-ins' own memories are not looked at. */
export function tracesOf(folder: string, values: readonly string[]): string[] {
  const files = filesIn(folder).filter((path) => !/^(practice|dps)[/\\]/.test(relative(folder, path)));
  return files.flatMap((path) => {
    const bytes = readFileSync(path);
    return values.flatMap((value) =>
      formsOf(value)
        .filter((form) => bytes.includes(form))
        .map((form) => `${relative(folder, path)}: ${value} as ${form.toString('latin1').slice(0, 60)}`),
    );
  });
}
