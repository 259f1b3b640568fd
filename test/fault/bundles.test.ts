import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pack } from '../../station-core/bundle/content.ts';
import type { Receipts } from '../../station-core/bundle/format.ts';
import { readReceipts, signReceipts, verifyReceipts } from '../../station-core/bundle/receipts.ts';
import { bundleHash } from '../../station-core/bundle/sealed.ts';
import { type ErrorCode, StationError } from '../../station-core/contract/errors.ts';
import { TestSigner, testApplier, twoRows } from '../suites/bundles.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { long, testSeed } from '../suites/seed.ts';

// Promise H for what is carried over the air gap: whatever a stick brings, it is refused with the place, and nothing of it is taken.

const count = long ? 100_000 : 1_000;
const timeout = long ? 1_800_000 : 60_000;
const telling = [0, 0x2e, 0x0a, 0x2d, 0x5f, 0x2b, 0x3d, 0x22, 0x7b, 0x7d, 0x65, 0x80, 0xff];
const once = { acceptGap: false };

/** The code of what was thrown; anything but an error of ours is a crash. */
async function refusal(act: () => Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await act();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof StationError && thrown.code !== 'internal') return thrown.code;
    throw thrown;
  }
}

/** How often each answer came, for whoever looks at what the mutations reach. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(code: string | undefined): void {
    this.#counts.set(code ?? 'taken', (this.#counts.get(code ?? 'taken') ?? 0) + 1);
  }

  tell(name: string): void {
    process.stderr.write(`${name}: ${[...this.#counts].map(([code, times]) => `${code} ${times}`).join(', ')}\n`);
  }
}

/** The same words: a line feed at the end or none. */
const sameText = (one: string, other: string) => one.replace(/\r?\n$/, '') === other.replace(/\r?\n$/, '');

test(`${count} mutated bundles: each refused with its place, and none taken`, { timeout }, async () => {
  const seed = testSeed('bundles');
  const roll = dice(seed);
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const { text } = await station.bundle(file);
  const bytes = Buffer.from(text, 'latin1');
  const tally = new Tally();
  for (let n = 0; n < count; n++) {
    const changed = mutate(bytes, roll, telling).toString('latin1');
    if (sameText(changed, text)) continue;
    const code = await refusal(() => applier.take(changed, once));
    tally.add(code);
    expect({ seed, n, taken: code === undefined }).toEqual({ seed, n, taken: false });
  }
  tally.tell('bundles');
  expect(applier.records.outbox.backlog().queued).toBe(0);
});

test(`${count} bundles whose header or content was mutated before it was signed: errors, no crash`, {
  timeout,
}, async () => {
  const seed = testSeed('signed bundles');
  const roll = dice(seed);
  const station = new TestSigner();
  const { applier, file } = await testApplier([station]);
  const plain = pack(twoRows());
  const tally = new Tally();
  const part = (coded: string) => mutate(Buffer.from(coded, 'base64url'), roll, telling).toString('base64url') || 'AA';
  const signed = async (input: string) => `${input}.${(await station.sign(Buffer.from(input))).toString('base64url')}`;
  let taken = 0;
  for (let n = 0; n < count; n++) {
    // A number of its own each time, so that nothing is refused for its number alone.
    const more = { sequence: n + 1 };
    const [header = '', payload = ''] = (await station.bundle(file, more, plain)).text.trim().split('.');
    const ways = [
      async () => (await station.bundle(file, more, mutate(plain, roll, telling))).text,
      async () => signed(`${part(header)}.${payload}`),
      async () => signed(`${header}.${part(payload)}`),
    ];
    const made = (await ways[n % ways.length]?.()) ?? '';
    // A mutation may leave a bundle that is whole: a body with another letter. Then it is a bundle of this station, and taken.
    const code = await refusal(async () => {
      const { sha256 } = await applier.take(made, { acceptGap: true });
      expect(sha256).toEqual(bundleHash(made.trim().slice(0, made.trim().lastIndexOf('.'))));
      taken += 1;
    });
    tally.add(code);
  }
  tally.tell('signed bundles');
  expect(applier.records.outbox.backlog().queued).toBeLessThanOrEqual(2 * taken);
});

/** The key that the applier signs receipts with. */
function receiptsKey(folder: string): KeyObject {
  const { receipts } = JSON.parse(readFileSync(join(folder, 'keys.jwk'), 'utf8')) as {
    receipts: Record<string, string>;
  };
  return createPrivateKey({ key: receipts, format: 'jwk' });
}

test(`${count} mutated receipts: each refused with its place, and none believed`, { timeout }, async () => {
  const seed = testSeed('receipts');
  const roll = dice(seed);
  const station = new TestSigner();
  const { applier, file, folder } = await testApplier([station]);
  const taken = await applier.take((await station.bundle(file)).text, once);
  const { text, receipts } = await applier.receiptsOf(taken);
  const pinned = { ...file, fingerprint: applier.fingerprint };
  const believe = (carried: string) => verifyReceipts(readReceipts(carried), pinned);
  expect(await refusal(() => believe(text))).toBeUndefined();
  const bytes = Buffer.from(text, 'latin1');
  const key = receiptsKey(folder);
  const tally = new Tally();
  for (let n = 0; n < count; n++) {
    const changed = mutate(bytes, roll, telling).toString('latin1');
    if (sameText(changed, text)) continue;
    const code = await refusal(async () => believe(changed));
    tally.add(code);
    expect({ seed, n, believed: code === undefined }).toEqual({ seed, n, believed: false });
  }
  // What the true applier signed, and is none of what receipts are.
  const payload = Buffer.from(JSON.stringify(receipts), 'utf8');
  for (let n = 0; n < count / 10; n++) {
    const said = parsed(mutate(payload, roll, telling));
    if (said === undefined) continue;
    await refusal(async () => believe(await signReceipts(said, key)));
  }
  tally.tell('receipts');
});

/** Some JSON, whatever it says; none where the mutation left no JSON. */
function parsed(bytes: Buffer): Receipts | undefined {
  try {
    const said: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof said === 'object' && said !== null ? (said as Receipts) : undefined;
  } catch {
    return undefined;
  }
}
