import { encode } from 'cbor2';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { maxPayload } from '../../../../drivers/frames/framer.ts';
import {
  answerOffset,
  helloVersion,
  type MessageName,
  maxChunk,
  maxObject,
  maxTpm,
  messages,
  openEnvelope,
  readAnswer,
  readRequest,
  refusalKind,
  requestName,
  writeAnswer,
  writeRefusal,
  writeRequest,
} from '../../../../drivers/protocols/uart-v1-messages.ts';
import { refusals } from '../../../../drivers/protocols/uart-v1-refusals.ts';
import { type Fields, readMap } from '../../../../drivers/protocols/wire.ts';

const requestId = Buffer.from('0102030405060708', 'hex');
const operation = Buffer.alloc(16, 3);
const chunk = { operation, object: 'symmetric-key', offset: 0, total: 4, bytes: Buffer.from('deadbeef', 'hex') };
const prove = { operation, registrationId: 'sn-1', stationNonce: Buffer.alloc(32, 1) };
const hello = {
  version: 1,
  capabilities: ['lock', 'symmetric-key'],
  storage: 'tee',
  simulated: false,
  chunk: 512,
} as const;

/** The bytes of any map, as a firmware that does not follow the rules might send it. */
const raw = (...pairs: [unknown, unknown][]): Buffer =>
  Buffer.concat([Buffer.of(0xa0 + pairs.length), ...pairs.flatMap((pair) => pair.map((value) => encode(value)))]);
const bytes = (value: Buffer): Uint8Array => new Uint8Array(value);

const opened = (payload: Uint8Array) => {
  const envelope = openEnvelope(payload);
  if (envelope === undefined) throw new Error('this is a message');
  return envelope;
};

describe('a message', () => {
  test('comes back as it was written', () => {
    const envelope = opened(writeRequest('chunk', requestId, chunk));
    expect(envelope).toMatchObject({ kind: messages.chunk.kind, requestId });
    expect(readRequest('chunk', envelope.body)).toEqual(chunk);
    expect(readAnswer('hello', opened(writeAnswer('hello', requestId, hello)))).toEqual({ answers: hello });
    expect(readAnswer('status', opened(writeAnswer('status', requestId, { state: 'none', locked: true })))).toEqual({
      answers: { state: 'none', locked: true },
    });
    for (const code of Object.keys(refusals) as (keyof typeof refusals)[]) {
      expect(readAnswer('lock', opened(writeRefusal(code, requestId)))).toEqual({ refused: code });
    }
  });

  test('of any chunk comes back, and the largest one fits a frame', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: maxChunk }),
        fc.integer({ min: 0, max: maxObject }),
        (piece, offset) => {
          const asks = { ...chunk, object: 'x'.repeat(32), offset, total: maxObject, bytes: Buffer.from(piece) };
          const payload = writeRequest('chunk', requestId, asks);
          expect(payload.length).toBeLessThanOrEqual(maxPayload);
          expect(readRequest('chunk', opened(payload).body)).toEqual(asks);
        },
      ),
    );
  });

  test('to a TPM and from it fits a frame at its longest, and a short one is none', () => {
    const longest = Buffer.alloc(maxTpm, 7);
    const asked = writeRequest('tpm', requestId, { command: longest });
    const said = writeAnswer('tpm', requestId, { response: longest });
    expect(Math.max(asked.length, said.length)).toBeLessThanOrEqual(maxPayload);
    expect(readRequest('tpm', opened(asked).body)).toEqual({ command: longest });
    expect(readAnswer('tpm', opened(said))).toEqual({ answers: { response: longest } });
    expect(() => writeRequest('tpm', requestId, { command: Buffer.alloc(9) })).toThrow(/^command is not/);
    expect(() => writeRequest('tpm', requestId, { command: Buffer.alloc(maxTpm + 1) })).toThrow(/^command is not/);
  });

  test('is written in the one deterministic way, byte for byte', () => {
    // {0: 7, 1: h'0102030405060708', 2: h'03…03'}
    expect(writeRequest('commit', requestId, { operation }).toString('hex')).toBe(
      `a300070148010203040506070802${'50'}${'03'.repeat(16)}`,
    );
  });

  test('leaves no copy of its bytes but the one that is given back', () => {
    const secret = Buffer.from('a credential that must be zeroed');
    const copies = vi.spyOn(Uint8Array.prototype, 'set');
    const payload = writeRequest('chunk', requestId, { ...chunk, bytes: secret });
    const targets = copies.mock.contexts.map((target) => Buffer.from((target as Uint8Array).buffer));
    copies.mockRestore();
    payload.fill(0);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.some((target) => target.includes(secret))).toBe(false);
  });

  test('kinds and keys are used once', () => {
    const kinds = Object.values(messages).flatMap(({ kind }) => [kind, kind + answerOffset]);
    expect(new Set([...kinds, refusalKind]).size).toBe(kinds.length + 1);
    for (const { asks, answers } of Object.values(messages)) {
      for (const fields of [asks, answers] as readonly Fields[]) {
        const keys = Object.values(fields).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.every((key) => key >= 2)).toBe(true);
      }
    }
  });

  test('with a value that its reader would refuse is never written, and the value is not said', () => {
    const secret = Buffer.alloc(maxChunk + 1, 0x5e);
    const write = () => writeRequest('chunk', requestId, { ...chunk, bytes: secret });
    expect(write).toThrow(/^bytes is not/);
    expect(() => writeRequest('prove', requestId, { ...prove, registrationId: 'ż' })).toThrow(RangeError);
  });
});

describe('what is no message', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['an array', Buffer.from('80', 'hex')],
    ['an empty map', Buffer.from('a0', 'hex')],
    ['no request id', raw([0, 1])],
    ['a short request id', raw([0, 1], [1, bytes(Buffer.alloc(7))])],
    ['a request id that is text', raw([0, 1], [1, '12345678'])],
    ['a kind that is text', raw([0, 'hello'], [1, bytes(requestId)])],
    ['a kind that is no integer', raw([0, 1.5], [1, bytes(requestId)])],
    ['unsorted keys', raw([1, bytes(requestId)], [0, 1])],
    ['a key twice', raw([0, 1], [1, bytes(requestId)], [1, bytes(requestId)])],
    ['a map of no stated length', Buffer.from(`bf0001014801020304050607${'08'}ff`, 'hex')],
    ['a long integer', Buffer.from('a20018010148010203040506070800'.slice(0, -2), 'hex')],
    ['bytes behind the end', Buffer.concat([raw([0, 1], [1, bytes(requestId)]), Buffer.of(0)])],
    ['a tag', Buffer.concat([Buffer.of(0xc1), raw([0, 1], [1, bytes(requestId)])])],
  ])('%s', (_, payload) => {
    expect(openEnvelope(payload)).toBeUndefined();
  });

  test('bytes nested deeper than any message', () => {
    expect(readMap(Buffer.from(`a100${'81'.repeat(900)}00`, 'hex'))).toBeUndefined();
  });

  test('no bytes whatever make the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        const envelope = openEnvelope(payload);
        if (envelope === undefined) return;
        for (const name of Object.keys(messages) as MessageName[]) {
          readRequest(name, envelope.body);
          readAnswer(name, envelope);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const examples = {
    chunk,
    tpm: { command: Buffer.alloc(40, 5) },
    channel: { operation, stationKey: Buffer.alloc(65, 4) },
  };

  test.each(['chunk', 'tpm', 'channel'] as const)(
    'a message %s with one changed byte is the same message, another one, or none, and never throws',
    (name) => {
      const asks = examples[name];
      const good = writeRequest<MessageName>(name, requestId, asks);
      const { kind } = messages[name];
      fc.assert(
        fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
          const changed = Buffer.from(good);
          changed[at] = byte;
          const envelope = openEnvelope(changed);
          const read = envelope && readRequest(name, envelope.body);
          const said = [envelope?.kind, envelope?.requestId.toString('hex'), read];
          if (changed.equals(good)) expect(read).toEqual(asks);
          else expect(said).not.toEqual([kind, requestId.toString('hex'), asks]);
        }),
        { numRuns: 2000 },
      );
    },
  );
});

// A map with the kind, a request id, and one pair more.
test.each([
  ['is one with a number', '0203', true],
  ['is one with a map in it', '02a103f5', true],
  ['is none with null', '02f6', false],
  ['is none with undefined', '02f7', false],
  ['is none with a float', '02f93c00', false],
  ['is none with a tag', '02c103', false],
  ['is none with another simple value', '02e4', false],
  ['is none with another simple value for a key', 'e403', false],
  ['is none with an array for a key', '8003', false],
  ['is none with a tag inside an array', '0281c103', false],
  ['is none with a doubled key inside a map', '02a203010302', false],
])('a payload %s', (_, pair, isMessage) => {
  const payload = Buffer.from(`a300090148${'00'.repeat(8)}${pair}`, 'hex');
  expect(openEnvelope(payload) !== undefined).toBe(isMessage);
});

describe('a request with wrong fields', () => {
  const body = (...pairs: [unknown, unknown][]) => opened(raw([0, 9], [1, bytes(requestId)], ...pairs)).body;

  test.each<[string, string, [unknown, unknown][]]>([
    ['a missing one', 'operation', []],
    ['one of another type', 'operation', [[2, 'sixteen letters.']]],
    ['one of another length', 'operation', [[2, bytes(Buffer.alloc(15))]]],
    ['a truth value for bytes', 'operation', [[2, true]]],
    [
      'one that the message does not have',
      'key 3',
      [
        [2, bytes(operation)],
        [3, 1],
      ],
    ],
    [
      'one under a text key',
      'key x',
      [
        [2, bytes(operation)],
        ['x', 1],
      ],
    ],
  ])('%s is named', (_, wrong, pairs) => {
    expect(readRequest('lock', body(...pairs))).toEqual({ wrong });
  });

  test('numbers out of range, text with control characters and doubled names are wrong', () => {
    const answer = (values: object) => readAnswer('hello', opened(raw(...helloPairs(values))));
    expect(answer({})).toEqual({ answers: hello });
    expect(answer({ chunk: 31 })).toEqual({ wrong: 'chunk' });
    expect(answer({ chunk: maxChunk + 1 })).toEqual({ wrong: 'chunk' });
    expect(answer({ capabilities: ['lock', 'lock'] })).toEqual({ wrong: 'capabilities' });
    expect(answer({ capabilities: ['LOCK'] })).toEqual({ wrong: 'capabilities' });
    expect(answer({ storage: 'cloud' })).toEqual({ wrong: 'storage' });
    expect(answer({ simulated: 0 })).toEqual({ wrong: 'simulated' });
    const identity = raw([0, 66], [1, bytes(requestId)], [2, 'SN\u001b[2J'], [4, 'm'], [5, 'f']);
    expect(readAnswer('identity', opened(identity))).toEqual({ wrong: 'serial' });
  });
});

function helloPairs(values: object): [unknown, unknown][] {
  const said = { ...hello, ...values };
  return [
    [0, 65],
    [1, bytes(requestId)],
    [2, said.version],
    [3, said.capabilities],
    [4, said.storage],
    [5, said.simulated],
    [6, said.chunk],
  ];
}

test('an answer of another kind, or a refusal that is not in the table, is wrong', () => {
  expect(readAnswer('lock', opened(writeAnswer('commit', requestId, {})))).toEqual({ wrong: 'kind' });
  const unknown = raw([0, refusalKind], [1, bytes(requestId)], [2, 'because']);
  expect(readAnswer('lock', opened(unknown))).toEqual({ wrong: 'code' });
});

test('the version of a later hello is read, whatever else it says', () => {
  const later = raw([0, 65], [1, bytes(requestId)], [2, 2], [9, 'new']);
  expect(helloVersion(opened(later))).toBe(2);
  expect(requestName(messages.prove.kind)).toBe('prove');
  expect(requestName(63)).toBeUndefined();
});
