// The agent in C and the simulated unit, each written from the specification: asked the same at random, good requests and bad ones, in
// any order, with power that goes in between, they say the same.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import { agreeChannel, associatedData, Ephemeral, seal } from '../../drivers/protocols/channel.ts';
import {
  type Asks,
  fileFields,
  type MessageName,
  messages,
  openEnvelope,
  provisioningFields,
  readAnswer,
  writeRequest,
} from '../../drivers/protocols/uart-v1-messages.ts';
import { writeFields } from '../../drivers/protocols/wire.ts';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { buildAgentTest, canBuildAgent, compiling, needsCompiler, runAgentTest } from '../suites/agent-build.ts';
import { CuttableFlash } from '../suites/loop.ts';
import { long, testSeed } from '../suites/seed.ts';
import { Talk } from '../suites/talk.ts';
import { sentKey } from '../suites/unit-certificates.ts';

const lives = long ? 2_000 : 60;
const turns = 60;
const facts = { serial: 'SN-000001', mac: Buffer.from('02005e100001', 'hex'), model: 'model', firmware: '1.0.0' };
const fixed = Buffer.alloc(32, 0x5a);
const registrationId = 'sn-000001';
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

type Thing = { readonly object: string; readonly bytes: Buffer; readonly named?: Buffer };
const ids = [1, 2, 3].map((byte) => Buffer.alloc(16, byte));
const [sent, other] = [sentKey(), sentKey()];
const byContent = (object: string, bytes: Buffer): Thing => ({ object, bytes, named: sha256(bytes).subarray(0, 16) });
const provisioning = (id: string, idScope = '0ne1') =>
  byContent('provisioning', writeFields(provisioningFields, { idScope, endpoint: 'e.example', registrationId: id }));
const file = (path: string, fill: number, length = 900) =>
  byContent('file', writeFields(fileFields, { path, mode: 0o600, content: Buffer.alloc(length, fill) }));
const things: readonly Thing[] = [
  provisioning(registrationId),
  provisioning(registrationId),
  provisioning('sn-000002'),
  { object: 'provisioning', bytes: Buffer.from([1, 2, 3]) },
  { object: 'symmetric-key', bytes: Buffer.alloc(32, 0x11) },
  { object: 'symmetric-key', bytes: Buffer.alloc(1_500, 0x22) },
  { object: 'symmetric-key', bytes: Buffer.alloc(4_097, 0x33) },
  { object: 'private-key', bytes: sent.key },
  { object: 'private-key', bytes: sent.key },
  { object: 'private-key', bytes: Buffer.alloc(100, 0x30) },
  { object: 'chain', bytes: sent.chain },
  { object: 'chain', bytes: sent.chain },
  { object: 'chain', bytes: other.chain },
  { object: 'chain', bytes: Buffer.from(sent.chain.subarray(0, 300)) },
  { object: 'chain', bytes: Buffer.from('no chain') },
  file('/a', 1),
  file('/a', 2),
  file('/b', 3),
  file('/c', 4),
  file('/d', 5, 8_193),
  file('//e', 6),
  { object: 'file', bytes: Buffer.from('no file') },
  { object: 'firmware', bytes: Buffer.alloc(10, 1) },
];

/** One life of both units: what is asked of the one in this process, and kept to ask the other. */
class Life {
  readonly asked: string[] = ['fresh'];
  readonly said: (Buffer | undefined)[] = [undefined];
  readonly names: string[] = ['fresh'];
  readonly #random: Random;
  readonly #flash = new CuttableFlash();
  #talk = this.#unit();
  #requests = 0;
  #before: Buffer[] = [];
  /** An object is on its way that the agent forgets for a proof, to save memory; no station asks that. */
  #delicate = false;

  constructor(random: Random) {
    this.#random = random;
  }

  #unit(): Talk {
    const given = { random: () => Buffer.from(fixed), ephemeral: () => Ephemeral.of(fixed) };
    return new Talk(this.#flash, given, { ...facts, deliveries: ['clear', 'channel'] });
  }

  #hear(name: string, payload: Buffer) {
    const said = this.#talk.raw(payload);
    this.names.push(name);
    this.asked.push(encodeFrame(payload).toString('hex'));
    this.said.push(said);
    this.#before = [...this.#before.slice(-7), payload];
    return openEnvelope(said ?? Buffer.alloc(0));
  }

  #ask<M extends MessageName>(name: M, asks: Asks<M>) {
    this.#requests += 1;
    const id = Buffer.alloc(8);
    id.writeUInt32BE(this.#requests, 4);
    const envelope = this.#hear(name, writeRequest(name, id, asks));
    return envelope && readAnswer(name, envelope);
  }

  #one<T>(of: readonly T[]): T {
    return of[whole(this.#random, of.length)] as T;
  }

  #operation = (): Buffer => this.#one(ids);
  #replaces = () => (this.#random() < 0.6 ? { replaces: this.#operation() } : {});

  /** A whole object, or as much of one as the dice let through; in clear or through a channel. */
  #send(): void {
    const { object, bytes: plain, named } = this.#one(things);
    const operation = named && this.#random() < 0.9 ? named : this.#operation();
    const encrypted = object.endsWith('-key') && this.#random() < 0.3;
    const bytes = encrypted ? this.#sealed(object, plain, operation) : plain;
    const delivery = encrypted ? 'channel' : this.#random() < 0.03 ? 'sealed' : 'clear';
    const total = bytes.length;
    const begun = this.#ask('begin', { operation, object, total, delivery, ...this.#replaces() });
    const held = begun && 'answers' in begun && begun.answers.held;
    if (begun && 'answers' in begun && !held) {
      this.#delicate = true;
      this.#chunks(object, bytes, operation);
    }
    if (this.#random() < 0.1) return;
    const digest = this.#random() < 0.9 ? sha256(bytes) : Buffer.alloc(32);
    const ended = this.#random() < 0.97 ? operation : this.#operation();
    this.#ask('end', { operation: ended, object, sha256: digest });
    // The end of another object leaves the one that is on its way.
    if (begun && 'answers' in begun && ended.equals(operation)) this.#delicate = false;
  }

  #chunks(object: string, bytes: Buffer, operation: Buffer): void {
    const total = bytes.length;
    const longest = 1 + whole(this.#random, 896);
    for (let offset = 0; offset < total; offset += longest) {
      const piece = bytes.subarray(offset, offset + longest);
      if (this.#random() < 0.02) continue;
      this.#ask('chunk', { operation, object, offset, total, bytes: piece });
      if (this.#random() < 0.05) this.#ask('status', {});
      if (this.#random() < 0.05) this.#again();
    }
  }

  /** An envelope under a channel that is agreed on now, with the unit's one key pair. */
  #sealed(object: string, plain: Buffer, operation: Buffer): Buffer {
    const own = Ephemeral.of(Buffer.alloc(32, 0xa5));
    const [stationKey, unitKey] = [own.point, Ephemeral.of(fixed).point];
    if (this.#random() < 0.95) this.#ask('channel', { operation, stationKey });
    const bound = { operation, registrationId };
    const key = agreeChannel(own, unitKey, { stationKey, unitKey }, bound);
    if (key === undefined) throw new Error('both keys are points');
    const envelope = seal(key, associatedData(object, bound), plain);
    if (this.#random() < 0.1) envelope[3] = (envelope[3] ?? 0) ^ 1;
    return envelope.subarray(0, 4_112);
  }

  #again(): void {
    if (this.#before.length > 0) this.#hear('again', this.#one(this.#before));
  }

  #boot(): void {
    this.#talk = this.#unit();
    this.#before = [];
    this.#delicate = false;
    this.asked.push('boot');
    this.said.push(undefined);
    this.names.push('boot');
  }

  /** A kind or a field that nobody knows; the bytes of a request, changed. */
  #strange(): void {
    const payload = writeRequest('commit', Buffer.alloc(8, whole(this.#random, 250)), { operation: this.#operation() });
    const at = whole(this.#random, payload.length);
    payload[at] = whole(this.#random, 256);
    // A negative number is no kind to the agent, which says nothing; the simulated unit refuses it. No station sends one.
    if (at === 2 && (payload[at] ?? 0) >> 5 === 1) return;
    // An agent that is built without a TPM does not know the kind; the simulated unit says that it has none.
    if (at === 2 && payload[at] === messages.tpm.kind) return;
    this.#hear('strange', payload);
  }

  turn(): void {
    const dice = this.#random();
    const operation = this.#operation();
    if (dice < 0.4) this.#send();
    else if (dice < 0.6) this.#ask('commit', { operation });
    else if (dice < 0.62) this.#ask('lock', { operation });
    else if (dice < 0.7) this.#prove(operation);
    else if (dice < 0.76)
      this.#ask('fetch', {
        operation,
        object: this.#one(['chain', 'csr', 'key']),
        offset: this.#one([0, 0, 700, 9_000]),
      });
    else if (dice < 0.78) this.#ask('fetch', { object: this.#one(['certificate', 'chain']), offset: 0 });
    else if (dice < 0.82) this.#ask('make-key', { operation, algorithm: 'rsa4096', ...this.#replaces() });
    else if (dice < 0.86) this.#ask('status', {});
    else if (dice < 0.88) this.#ask('identity', {});
    else if (dice < 0.92) this.#again();
    else if (dice < 0.95) this.#strange();
    else this.#boot();
  }

  #prove(operation: Buffer): void {
    if (this.#delicate) return;
    const id = this.#random() < 0.9 ? registrationId : 'sn-000002';
    this.#ask('prove', { operation, registrationId: id, stationNonce: Buffer.alloc(32, 7) });
  }
}

/** An answer as it is compared: of a signature, which is another one each time, only that there is one. */
function comparable(said: Buffer | undefined): string {
  const envelope = openEnvelope(said ?? Buffer.alloc(0));
  if (said === undefined || envelope === undefined) return 'nothing';
  const proof: unknown = envelope.body.get(3);
  const isSignature = envelope.kind === 72 && proof instanceof Uint8Array && proof.length !== 32;
  return isSignature ? 'a signature' : said.toString('hex');
}

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  test(
    `says what the simulated unit says, in ${lives} lives of requests at random`,
    async () => {
      const random = seeded(testSeed('agent twin'));
      const replay = await buildAgentTest(['replay'], ['-DBM_WITH_TPM=0']);
      const codes = new Set<string>();
      let compared = 0;
      for (let count = 0; count < lives; count += 1) {
        const life = new Life(random);
        for (let at = 0; at < turns; at += 1) life.turn();
        const lines = (await runAgentTest(replay, [], `${life.asked.join('\n')}\n`)).split('\n');
        for (const [at, expected] of life.said.entries()) {
          const [said] = new FrameDecoder().push(Buffer.from(lines[at] ?? '', 'hex'));
          const place = `life ${count}, ${life.names.slice(Math.max(0, at - 12), at + 1).join(', ')}`;
          expect(comparable(said), place).toBe(comparable(expected));
          const code: unknown = openEnvelope(expected ?? Buffer.alloc(0))?.body.get(2);
          if (typeof code === 'string') codes.add(code);
          compared += 1;
        }
      }
      process.stdout.write(`agent twin: ${compared} answers alike, ${[...codes].sort().join(' ')}\n`);
      expect(codes.size).toBeGreaterThan(long ? 18 : 14);
    },
    long ? 1_800_000 : compiling,
  );
});
