// The pure parts of the console protocol: what a prompt is, what an answer is, what a tool printed, how a template becomes options.
import { describe, expect, test } from 'vitest';
import { createPrimaryOptions } from '../../../../drivers/protocols/linux-console-ek.ts';
import { readDescription, readHandles } from '../../../../drivers/protocols/linux-console-getcap.ts';
import { checkOf, lineFor, loopPieces, newMark, readAnswer } from '../../../../drivers/protocols/linux-console-loop.ts';
import { Screen, type Shown } from '../../../../drivers/protocols/linux-console-screen.ts';
import { isMadeBy } from '../../../../drivers/tpm/endorsement.ts';
import { readPublicArea } from '../../../../drivers/tpm/public.ts';
import { activationTemplate, ekTemplate, templateWithNonce } from '../../../../drivers/tpm/templates.ts';
import { ekKinds } from '../../../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const patience = { quiet: 5, wake: 10 };

/** What a console that shows these pieces shows. */
function shown(...pieces: readonly (string | Buffer)[]): Promise<Shown> {
  const link = new ScriptedLink(() => []);
  const screen = new Screen(link);
  const settled = screen.settled(patience, never);
  for (const piece of pieces) link.say(Buffer.from(piece));
  return settled;
}

test.each([
  ['', 'nothing'],
  ['\r\n', 'nothing'],
  ['\r\nDebian GNU/Linux 12 unit ttyS0\r\n\r\nunit login: ', 'login'],
  ['UNIT LOGIN:', 'login'],
  ['\x1b[1munit login:\x1b[0m ', 'login'],
  ['root\r\nPassword: ', 'password'],
  ['Passwort:', 'password'],
  ['Password for root:', 'password'],
  ['unit logi[   12.345678] usb 1-1: new device\r\nn: ', 'question'],
  ['Passwo[   12.345678] usb 1-1: new device\r\nrd: ', 'question'],
  ['Last login: Fri Nov 27 10:00:00 UTC 2026\r\n', 'nothing'],
  ['root@unit:~# ', 'text'],
  ['\x1b]0;root@unit: ~\x07\x1b[01;32mroot@unit\x1b[00m:\x1b[01;34m~\x1b[00m# ', 'text'],
  ['\x1b[?2004hroot@unit:~# \x1b[6n', 'text'],
  ['root@unit:~# [   12.345678] usb 1-1: new device\r\n', 'nothing'],
  ['[   12.345678] usb 1-1: new device\r\nunit login: ', 'login'],
  ['unit login: \x00\x00\x07', 'login'],
  ['progress 10%\rprogress 20%\r$ ', 'text'],
  ["root@unit:~# echo 'half\r\n> ", 'continuation'],
  ['\x1b[', 'nothing'],
  ['\r\nbirthmark-0123456789abcdef:17:0:592506cf9dae;\r\n', 'shell'],
  ['\r\nbirthmark-0123456789abcdef:bye:b49f425a7e1f;\r\nroot@unit:~# ', 'text'],
  ['\r\nbirthmark-0123456789abcdef:bye:b49f425a7e1f;\r\n', 'nothing'],
  ['sh birthmark-01234567 89abcdef\r\n', 'nothing'],
] as const)('a console that shows %j shows %s', async (bytes, kind) => {
  expect(await shown(bytes)).toBe(kind);
  expect(await shown(...bytes)).toBe(kind);
});

test('a prompt behind more than is kept is still a prompt', async () => {
  expect(await shown('boot message\r\n'.repeat(10_000), 'unit login: ')).toBe('login');
});

test('what was forgotten is not shown again', async () => {
  const link = new ScriptedLink(() => []);
  const screen = new Screen(link);
  link.say(Buffer.from('unit login: '));
  expect(await screen.settled(patience, never)).toBe('login');
  screen.forget();
  expect(await screen.settled(patience, never)).toBe('nothing');
});

describe('answers of the loop', () => {
  const answer = (body: string) => `:${body}:${checkOf(body)};`;

  test('are read as what they say', () => {
    expect(readAnswer(answer('7:0'))).toEqual({ kind: 'status', id: '7', code: 0 });
    expect(readAnswer(answer('7:127'))).toEqual({ kind: 'status', id: '7', code: 127 });
    expect(readAnswer(answer('7:3:U04tMQo='))).toEqual({ kind: 'line', id: '7', number: 3, text: 'U04tMQo=' });
    expect(readAnswer(answer('7:3: 53 4e'))).toEqual({ kind: 'line', id: '7', number: 3, text: ' 53 4e' });
    expect(readAnswer(answer('bye'))).toEqual({ kind: 'bye' });
    expect(readAnswer(`${answer('7:0')}[   12.3] usb 1-1`)).toEqual({ kind: 'status', id: '7', code: 0 });
  });

  test('that lost, gained or changed any character are none', () => {
    const good = answer('7:3:U04tMQo=');
    for (let at = 0; at < good.length; at += 1) {
      const [before, after] = [good.slice(0, at), good.slice(at + 1)];
      for (const damaged of [before + after, `${before}x${good.slice(at)}`, `${before}\x00${after}`, before]) {
        if (damaged !== good) expect(readAnswer(damaged)).toBeUndefined();
      }
    }
  });

  test.each([':;', ':7:0', ':7:0:;', '', ':a b:0:000000000000;'])('%j is none', (text) => {
    expect(readAnswer(text)).toBeUndefined();
  });

  test('what is typed is never what is printed: a mark is typed in two pieces', () => {
    const { first, second, whole } = newMark(Buffer.from('0123456789abcdef', 'hex'));
    expect(whole).toBe('birthmark-0123456789abcdef');
    expect(`sh ${first} ${second}`).not.toContain(whole);
  });

  test('its script can be typed between single quotes, in lines that small editors take', () => {
    expect(loopPieces.join('')).not.toMatch(/['\t\n]/);
    for (const piece of loopPieces) expect(piece.length).toBeLessThan(170);
  });

  test('a line carries its id, its check and its command', () => {
    expect(lineFor('x', Buffer.from('exit')).toString()).toBe('x bca50b5c5adb exit\n');
  });
});

describe('what tpm2_getcap prints', () => {
  const property = (name: string, raw: string) => `TPM2_PT_${name}:\n  raw: ${raw}\n`;
  const fixed = [
    property('FAMILY_INDICATOR', '0x322E3000'),
    property('MANUFACTURER', '0x49465800'),
    property('VENDOR_STRING_1', '0x534C4239'),
    property('VENDOR_STRING_2', '0x36373020'),
    property('VENDOR_STRING_3', '0x0'),
    property('VENDOR_STRING_4', '0'),
    property('FIRMWARE_VERSION_1', '0x7003D'),
    property('FIRMWARE_VERSION_2', '0xAE100'),
  ].join('');
  const variable = [
    'TPM2_PT_PERMANENT:',
    '  ownerAuthSet:              1',
    '  endorsementAuthSet:        0',
    '  lockoutAuthSet:            1',
    '  inLockout:                 0',
    '',
  ].join('\n');
  const code = (read: () => unknown): [string, unknown] => {
    try {
      read();
    } catch (thrown) {
      if (thrown instanceof StationError) return [thrown.code, thrown.details];
      throw thrown;
    }
    throw new Error('nothing was thrown');
  };

  test('is read as what the TPM says of itself', () => {
    expect(readDescription(fixed, variable)).toEqual({
      manufacturer: 'IFX',
      vendor: 'SLB9670',
      firmware: '7.61.10.57600',
      ownerAuthSet: true,
      endorsementAuthSet: false,
      lockoutAuthSet: true,
      inLockout: false,
    });
  });

  test('of another version is said so', () => {
    const other = fixed.replace('0x322E3000', '0x312E3200');
    expect(code(() => readDescription(other, variable))).toEqual(['tpm.version', { found: '1.2' }]);
  });

  test.each([
    ['a property that is missing', fixed.replace('MANUFACTURER', 'OTHER'), variable],
    ['a property that is there twice', fixed + property('MANUFACTURER', '0x0'), variable],
    ['a number that is none', fixed.replace('0x7003D', '0x7003D0000'), variable],
    ['a flag that is none', fixed, variable.replace('inLockout:                 0', 'inLockout: yes')],
    ['nothing', '', ''],
  ])('%s is garbled', (_, some, other) => {
    expect(code(() => readDescription(some, other))[0]).toBe('tpm.garbled');
  });

  test('is read as handles, or as none', () => {
    expect(readHandles('- 0x81010001\n- 0x1C00002\n')).toEqual([0x8101_0001, 0x01c0_0002]);
    expect(readHandles('')).toEqual([]);
    const [said, details] = code(() => readHandles('- 0x81010001\nPRIVATE\n'));
    expect(said).toBe('tpm.garbled');
    expect(JSON.stringify(details)).not.toContain('PRIVATE');
  });
});

describe('a template as tpm2_createprimary takes it', () => {
  test.each(ekKinds)('of %s has the TCG’s algorithm, attributes and policy', (kind) => {
    const { algorithm, hash, attributes, policy } = createPrimaryOptions(ekTemplate(kind), true);
    const high = kind.startsWith('high');
    expect(algorithm).toMatch(/^(rsa2048:aes128|ecc256:aes128|ecc384:aes256)cfb$/);
    expect(hash).toBe(kind === 'high-p384' ? 'sha384' : 'sha256');
    expect(attributes).toBe(high ? '0x300f2' : '0x300b2');
    expect(policy).toHaveLength(kind === 'high-p384' ? 48 : 32);
  });

  test('says what is unique in the memory order of the machine, and nothing where nothing is', () => {
    const nonce = Buffer.alloc(16, 7);
    const rsa = templateWithNonce('rsa2048', ekTemplate('rsa2048'), nonce);
    expect(createPrimaryOptions(rsa, true).unique).toEqual(Buffer.concat([Buffer.of(0, 1), nonce, Buffer.alloc(240)]));
    expect(createPrimaryOptions(rsa, false).unique?.subarray(0, 2)).toEqual(Buffer.of(1, 0));
    const ecc = templateWithNonce('p256', ekTemplate('p256'), nonce);
    const coordinate = (bytes: Buffer) => Buffer.concat([Buffer.of(32, 0), bytes, Buffer.alloc(128 - bytes.length)]);
    const both = Buffer.concat([coordinate(nonce), coordinate(Buffer.alloc(32))]);
    expect(createPrimaryOptions(ecc, true).unique).toEqual(both);
    expect(createPrimaryOptions(activationTemplate, true).unique).toBeUndefined();
  });

  test('is told from the template of another key', () => {
    const p256 = ekTemplate('p256');
    const area = readPublicArea(Buffer.concat([Buffer.of(0, p256.length), p256]), 'a key');
    expect(isMadeBy(area, p256)).toBe(true);
    for (const other of [ekTemplate('high-p256'), ekTemplate('rsa2048'), activationTemplate]) {
      expect(isMadeBy(area, other)).toBe(false);
    }
  });
});
