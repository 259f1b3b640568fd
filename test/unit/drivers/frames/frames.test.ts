import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cobsDecode, cobsEncode, cobsOverhead } from '../../../../drivers/frames/cobs.ts';
import { crc32 } from '../../../../drivers/frames/crc32.ts';
import { encodeFrame, FrameDecoder, maxFrame, maxPayload } from '../../../../drivers/frames/framer.ts';

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex');
const range = (first: number, last: number): Buffer =>
  Buffer.from(Array.from({ length: last - first + 1 }, (_, at) => first + at));
const payloads = fc.uint8Array({ minLength: 1, maxLength: maxPayload });
const pieces = fc.array(fc.uint8Array({ maxLength: 1500 }), { maxLength: 20 });

describe('COBS', () => {
  // The worked examples of Cheshire and Baker's paper, as Wikipedia's article lists them.
  test.each([
    ['00', '0101'],
    ['0000', '010101'],
    ['001100', '01021101'],
    ['11220033', '0311220233'],
    ['11223344', '0511223344'],
    ['11000000', '0211010101'],
    [hex(range(0x01, 0xfe)), `ff${hex(range(0x01, 0xfe))}`],
    [hex(range(0x00, 0xfe)), `01ff${hex(range(0x01, 0xfe))}`],
    [hex(range(0x01, 0xff)), `ff${hex(range(0x01, 0xfe))}02ff`],
    [`${hex(range(0x02, 0xff))}00`, `ff${hex(range(0x02, 0xff))}0101`],
    [`${hex(range(0x03, 0xff))}0001`, `fe${hex(range(0x03, 0xff))}0201`],
  ])('stuffs %s as the published example does', (plain, stuffed) => {
    const bytes = Buffer.from(plain ?? '', 'hex');
    expect(hex(cobsEncode(bytes))).toBe(stuffed);
    expect(hex(cobsDecode(Buffer.from(stuffed, 'hex')))).toBe(plain);
  });

  test('whatever is stuffed holds no zero, grows by no more than said, and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const stuffed = cobsEncode(bytes);
        expect(stuffed.includes(0)).toBe(false);
        expect(stuffed.length).toBeLessThanOrEqual(bytes.length + cobsOverhead(bytes.length));
        expect(hex(cobsDecode(stuffed))).toBe(hex(bytes));
      }),
    );
  });

  test.each(['', '00', '0511', '031100'])('%s is not COBS', (bytes) => {
    expect(cobsDecode(Buffer.from(bytes, 'hex'))).toBeUndefined();
  });

  test('a full group with an empty one behind it, as some firmware writes it, is read too', () => {
    expect(hex(cobsDecode(Buffer.concat([Buffer.from([0xff]), range(1, 254), Buffer.from([1])])))).toBe(
      hex(range(1, 254)),
    );
  });
});

test('CRC-32 of "123456789" is the check value of the catalogue', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

describe('frames', () => {
  test('a frame is COBS of payload and little-endian CRC, between zeros', () => {
    expect(hex(encodeFrame(Buffer.from('123456789')))).toBe(`000e${hex(Buffer.from('123456789'))}2639f4cb00`);
  });

  test('a stream of frames gives the same payloads however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(payloads, { maxLength: 6 }), fc.integer({ min: 1, max: 300 }), (sent, size) => {
        const stream = Buffer.concat(sent.map(encodeFrame));
        const decoder = new FrameDecoder();
        const got: Buffer[] = [];
        for (let at = 0; at < stream.length; at += size) got.push(...decoder.push(stream.subarray(at, at + size)));
        expect(got.map(hex)).toEqual(sent.map(hex));
        expect(decoder.bad).toBe(0);
      }),
    );
  });

  test('the longest payload fills a frame and no payload is longer', () => {
    for (const byte of [0, 1]) {
      const frame = encodeFrame(Buffer.alloc(maxPayload, byte));
      expect(frame.length - 1).toBeLessThanOrEqual(maxFrame);
      expect(new FrameDecoder().push(frame)).toHaveLength(1);
    }
    expect(() => encodeFrame(Buffer.alloc(maxPayload + 1))).toThrow(RangeError);
  });

  test('after any garbage the next frame is found', () => {
    fc.assert(
      fc.property(pieces, payloads, (garbage, payload) => {
        const decoder = new FrameDecoder();
        for (const piece of garbage) decoder.push(piece);
        expect(decoder.push(encodeFrame(payload)).map(hex).at(-1)).toBe(hex(payload));
      }),
    );
  });

  test('a frame with one changed bit is counted and not given', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.integer({ min: 0, max: 7 }), (payload, where, bit) => {
        const frame = encodeFrame(payload);
        // Not the zeros at both ends: without them frames run together, and that is another case.
        const at = 1 + (where % (frame.length - 2));
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        const decoder = new FrameDecoder();
        expect(decoder.push(frame).map(hex)).not.toContain(hex(payload));
        expect(decoder.bad).toBeGreaterThan(0);
      }),
    );
  });

  test('bytes without a zero are one bad frame, however many', () => {
    const decoder = new FrameDecoder();
    for (let piece = 0; piece < 1000; piece += 1) decoder.push(Buffer.alloc(4096, 0x55));
    expect(decoder.pending).toBe(true);
    expect(decoder.bad).toBe(0);
    decoder.push(Buffer.of(0));
    expect(decoder.bad).toBe(1);
    expect(decoder.pending).toBe(false);
  });

  test('zeros between frames are no frames', () => {
    const decoder = new FrameDecoder();
    expect(decoder.push(Buffer.alloc(100))).toEqual([]);
    expect(decoder.bad).toBe(0);
  });
});
