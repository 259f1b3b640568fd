import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Framing, longestFrame, type ScanFrame, ScanFrames } from '../../../drivers/scan-frames.ts';
import { seeded } from '../../../drivers/simulated/unit/random.ts';
import { long, testSeed } from '../../suites/seed.ts';

const line: Framing = { ending: 'line' };
const framesOf = (framing: Framing, ...chunks: readonly (string | Buffer)[]): (string | undefined)[] => {
  const frames = new ScanFrames(framing);
  return chunks.flatMap((chunk) => frames.take(Buffer.from(chunk as string))).map(codeOf);
};
const codeOf = (frame: ScanFrame) => ('code' in frame ? frame.code : undefined);

test.each<[string, Framing, string[], (string | undefined)[]]>([
  ['a carriage return', line, ['P-1\rP-2\r'], ['P-1', 'P-2']],
  ['a line feed', line, ['P-1\nP-2\n'], ['P-1', 'P-2']],
  ['both, which is one end', line, ['P-1\r\nP-2\r\n'], ['P-1', 'P-2']],
  ['a tab', { ending: 'tab' }, ['P-1\tP-2\t'], ['P-1', 'P-2']],
  ['ETX, after STX', { ending: 'etx', prefix: '\u0002' }, ['\u0002P-1\u0003\u0002P-2\u0003'], ['P-1', 'P-2']],
  ['an end that comes later', line, ['P', '-', '1', '\r', '\n'], ['P-1']],
])('codes end with %s', (_, framing, chunks, codes) => expect(framesOf(framing, ...chunks)).toEqual(codes));

test('GS1 separators stay, other control characters and broken UTF-8 make a misread', () => {
  expect(framesOf(line, '01\u001d21A\r')).toEqual(['01\u001d21A']);
  expect(framesOf(line, 'P\u0000-1\r', 'P-\u0007\r', Buffer.from([0x50, 0xff, 0x0d]), 'Ü-1\r')).toEqual([
    undefined,
    undefined,
    undefined,
    'Ü-1',
  ]);
});

test('with a prefix, half a code before it is a misread, and a code without it is none', () => {
  const framing: Framing = { ending: 'line', prefix: '~' };
  expect(framesOf(framing, 'HALF~P-1\r', 'P-2\r', '~\r', '~P-3\r')).toEqual([
    undefined,
    'P-1',
    undefined,
    undefined,
    'P-3',
  ]);
});

test('what is too long is one misread up to its end, and holds no memory', () => {
  const frames = new ScanFrames(line);
  for (let times = 0; times < 1_000; times++) expect(frames.take(Buffer.alloc(4_096, 0x41))).toEqual([]);
  expect(frames.take(Buffer.from('\rP-1\r')).map(codeOf)).toEqual([undefined, 'P-1']);
  const longest = 'A'.repeat(longestFrame);
  expect(framesOf(line, `${longest}\r`, `${longest}A\r`)).toEqual([longest, undefined]);
});

test('what was begun and never ended is cut, and is no part of what comes next', () => {
  const frames = new ScanFrames(line);
  expect(frames.take(Buffer.from('HALF'))).toEqual([]);
  expect(frames.isOpen).toBe(true);
  expect(frames.cut()).toEqual([{ misread: true }]);
  expect(frames.cut()).toEqual([]);
  expect(frames.take(Buffer.from('P-1\r')).map(codeOf)).toEqual(['P-1']);
});

test('codes come out as they went in, however their bytes are cut into chunks', () => {
  const codes = fc.array(fc.stringMatching(/^[!-}]{1,40}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(codes, fc.array(fc.integer({ min: 1, max: 9 })), (sent, sizes) => {
      const bytes = Buffer.from(sent.map((code) => `${code}\r\n`).join(''));
      const frames = new ScanFrames(line);
      const got: (string | undefined)[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
        got.push(...frames.take(bytes.subarray(at, at + size)).map(codeOf));
        at += size;
      }
      expect(got).toEqual(sent);
    }),
  );
});

const count = long ? 100_000 : 2_000;
test(`${count} streams of random bytes: no crash, no control character, and nothing across an end`, () => {
  const seed = testSeed('scan-frames');
  const random = seeded(seed);
  const whole = (below: number) => Math.floor(random() * below);
  for (let stream = 0; stream < count; stream++) {
    const framing: Framing = { ending: 'line', ...(whole(2) ? { prefix: '~' } : {}) };
    const frames = new ScanFrames(framing);
    const bytes = Buffer.from(Array.from({ length: whole(200) }, () => (whole(4) ? 0x20 + whole(0x5f) : whole(256))));
    const parts = new Set(
      bytes
        .toString('latin1')
        .split(/[\r\n]/)
        .map((part) => part.split('~').at(-1) ?? ''),
    );
    for (let at = 0; at < bytes.length; at += 17) {
      for (const frame of frames.take(bytes.subarray(at, at + 17))) {
        const code = codeOf(frame);
        if (code === undefined) continue;
        const latin1 = Buffer.from(code).toString('latin1');
        const isPart = framing.prefix
          ? parts.has(latin1)
          : bytes
              .toString('latin1')
              .split(/[\r\n]/)
              .includes(latin1);
        expect([seed, stream, isPart]).toEqual([seed, stream, true]);
      }
    }
  }
});
