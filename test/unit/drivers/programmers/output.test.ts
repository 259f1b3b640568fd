import { describe, expect, test } from 'vitest';
import { Hiding, hiddenLine } from '../../../../drivers/programmers/hiding.ts';
import { Lines, longestLine, printable } from '../../../../drivers/programmers/lines.ts';
import { Output } from '../../../../drivers/programmers/output.ts';
import { percentFinder } from '../../../../drivers/programmers/percent.ts';
import { seeded } from '../../../../drivers/simulated/unit/random.ts';

// What becomes of the bytes that a program prints.

function linesOf(...chunks: readonly (string | Buffer)[]): string[] {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const chunk of chunks) lines.push(Buffer.from(chunk as string));
  lines.close();
  return found;
}

function kept(text: string, find: (line: string) => number | undefined = () => undefined): string {
  const output = new Output(find, () => undefined);
  output.way()(Buffer.from(text));
  return output.close().text;
}

describe('lines', () => {
  test('end with every kind of end, and empty ones are none', () => {
    expect(linesOf('a\nb\r\nc\rd\n\n\re')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('are the same however their bytes come', () => {
    const text = 'Grüße 工位\r10 %\r\n'.repeat(20);
    const bytes = Buffer.from(text);
    const random = seeded(7);
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + Math.floor(random() * 5);
      chunks.push(bytes.subarray(at, at + size));
      at += size;
    }
    expect(linesOf(...chunks)).toEqual(linesOf(bytes));
  });

  test('that never end are cut once, and the next one is whole again', () => {
    const long = 'x'.repeat(longestLine);
    expect(linesOf(`${long}yyyy`, 'z'.repeat(100_000), '\nnext')).toEqual([long, 'next']);
  });

  test('are told without colours, cursor movements, marks of direction and what cannot be printed', () => {
    expect(printable('\x1b[1;31mred\x1b[0m\tand\x1b[2K \u202ereversed\u2028\0\x07')).toBe(
      'red and \ufffdreversed\ufffd\ufffd\ufffd',
    );
  });
});

describe('a secret-looking line is not kept', () => {
  const hex = 'c0ffee'.repeat(12);
  const base64 = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';

  test.each([
    ['32 bytes in hex', `key: ${hex.slice(0, 64)}`],
    ['64 bytes in base64', `${base64}${base64}==`],
    ['32 bytes in URL-safe base64', `token ${base64.replace('Y', '_').slice(0, 43)}`],
    ['bytes as dumps group them', '00000010: a1b2 c3d4 e5f6 a7b8 c9d0 e1f2 a3b4 c5d6  ................'],
    ['bytes one by one', 'BLOCK_KEY0 = 1f 2e 3d 4c 5b 6a 79 88 97 a6 b5 c4 d3 e2 f1 00 11 22 R/W'],
    [
      'bytes as C has them',
      '0x1f, 0x2e, 0x3d, 0x4c, 0x5b, 0x6a, 0x79, 0x88, 0x97, 0xa6, 0xb5, 0xc4, 0xd3, 0xe2, 0xf1, 0x00',
    ],
    ['words as a debugger has them', '0x20000000: 1f2e3d4c 5b6a7988 97a6b5c4 d3e2f100'],
    ['a connection string', 'HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=c2VjcmV0'],
    ['a storage account’s', 'AccountKey=abc'],
    ['a password', 'wifi password: hunter2'],
    ['one in JSON', '{"device": 1, "password": "hunter2"}'],
    ['a PIN', 'User PIN: 1234'],
    ['a PIN with a name of one word', 'pin=1234'],
    ['a key on one line', '-----BEGIN PRIVATE KEY-----MIGH-----END PRIVATE KEY-----'],
  ])('%s', (_, line) => {
    expect(kept(`before\n${line}\nafter`)).toBe(`before\n${hiddenLine}\nafter`);
  });

  test('and every line of a private key, whatever is between them, up to its end', () => {
    const key = [
      '-----BEGIN EC PRIVATE KEY-----',
      'Proc-Type: 4,ENCRYPTED',
      'short',
      'x',
      '-----END EC PRIVATE KEY-----',
    ];
    expect(kept(['a', ...key, 'b'].join('\n'))).toBe(['a', ...key.map(() => hiddenLine), 'b'].join('\n'));
  });

  test('a key that never ends hides no more than a key has lines', () => {
    const hiding = new Hiding();
    hiding.shown('-----BEGIN PRIVATE KEY-----');
    const shown = Array.from({ length: 1_000 }, () => hiding.shown('a line'));
    expect(shown.indexOf('a line')).toBe(500);
  });

  test('a key on one way hides nothing of the other', () => {
    const output = new Output(
      () => undefined,
      () => undefined,
    );
    const [out, error] = [output.way(), output.way()];
    out(Buffer.from('-----BEGIN PRIVATE KEY-----\n'));
    error(Buffer.from('Chip is ESP32\n'));
    out(Buffer.from('short\n'));
    expect(output.close().text).toBe(`${hiddenLine}\nChip is ESP32\n${hiddenLine}`);
  });
});

test('what programmers say of units and of themselves is kept', () => {
  const said = [
    'esptool.py v4.7.0',
    'Serial port /dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0',
    'Chip is ESP32-D0WD-V3 (revision v3.1)',
    'MAC: a0:b1:c2:d3:e4:f5',
    'Features: WiFi, BT, Dual Core, 240MHz, VRef calibration in efuse, Coding Scheme None',
    'Flash will be erased from 0x00001000 to 0x00007fff...',
    'Compressed 24240 bytes to 15146...',
    'Hash of data verified.',
    'File  md5: d41d8cd98f00b204e9800998ecf8427e',
    'Info : CMSIS-DAP: FW Version = 2.0.0',
    'Info : [stm32f4x.cpu] Cortex-M4 r0p1 processor detected',
    'device id = 0x10006413, flash size = 1024 KiB',
    'wrote 16384 bytes from file /opt/firmware/contoso/gateway/release-2026/build/images/app.bin in 0.7s (22.5 KiB/s)',
    'Found DFU: [0483:df11] ver=2200, devnum=12, cfg=1, intf=0, path="1-2", alt=0, name="@Internal Flash  /0x08000000/04*016Kg"',
    'Option bytes: 0xff 0xff 0xaa 0x55',
    '2026-11-27T08:00:00.000Z 123e4567-e89b-12d3-a456-426614174000',
    'secure boot: disabled, key slots 0, 1, 2, 3, 4, 5, 6, 7',
  ];
  expect(kept(said.join('\n')).split('\n')).toEqual(said);
});

describe('percents', () => {
  test.each([
    ['({percent} %)', 'Writing at 0x00010000... (12 %)', 12],
    ['{percent}%', 'Writing at 0x00010000 [====>    ]  45.3% 16384/36096 bytes...', 45.3],
    ['Download*{percent}%', 'Download [=====      ]  20%  4096 bytes', 20],
    ['Download*{percent}%', 'Erase    [=====      ]  20%  4096 bytes', undefined],
    ['"progressPercentage":{percent}', '{"type":"task_progress","data":{"progressPercentage":7,"x":1}}', 7],
    ['{percent}%', '10% of all, 30% of this', 30],
    ['{percent}%', '1045%', undefined],
    ['{percent}%', '145%', undefined],
    ['a*b*{percent}%', 'b a 5%', undefined],
    ['a*b*{percent}%', 'a b 5%', 5],
    ['[{percent}.]+%', '[5.]+%', 5],
    ['{percent}%', '', undefined],
  ])('by %s of %s', (pattern, line, percent) => {
    expect(percentFinder(pattern)(line)).toBe(percent);
  });

  test('are shown by the last line of several, and kept so', () => {
    const lines = Array.from({ length: 50 }, (_, at) => `\rat (${at * 2} %)`).join('');
    expect(kept(`begin\n${lines}\nend`, percentFinder('({percent} %)'))).toBe('begin\nat (98 %)\nend');
  });

  test('are looked for at a cost that grows with the line alone', () => {
    const find = percentFinder(`${'a*'.repeat(4)}{percent}%`);
    const lines = ['a'.repeat(longestLine), '1'.repeat(longestLine), `a${' '.repeat(longestLine)}`, '1.'.repeat(2_048)];
    for (let round = 0; round < 200; round++) for (const line of lines) expect(find(line)).toBeUndefined();
  });
});

test('of a hundred thousand lines head and tail are kept, and how many lay between', () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `line ${at} 工位`);
  const text = kept(lines.join('\n'));
  const [gap] = text.split('\n').filter((line) => line.startsWith('['));
  const shown = text.split('\n').length - 1;
  expect(gap).toBe(`[${lines.length - shown} lines were left out]`);
  expect(text.startsWith('line 0 工位\n') && text.endsWith('line 99999 工位')).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(17_000);
});

test('of what it said the last complaint counts, since programs go on after it', () => {
  const said = (...lines: readonly string[]) => {
    const output = new Output(
      () => undefined,
      () => undefined,
    );
    output.way()(Buffer.from(lines.join('\n')));
    return output.close().said;
  };
  expect(said('Connecting...', 'A fatal error occurred: no sync reply', 'For help visit: https://example.com')).toBe(
    'A fatal error occurred: no sync reply',
  );
  expect(said('begin', 'done', ' ')).toBe('done');
  expect(said()).toBe('');
});

test('half a letter at the end of what is kept of a line is no letter', () => {
  expect(kept('😀'.repeat(300)).isWellFormed()).toBe(true);
  expect(kept(`a${'😀'.repeat(300)}`).isWellFormed()).toBe(true);
});
