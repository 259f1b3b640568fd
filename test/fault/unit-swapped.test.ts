// A unit is changed for another while its run waits for the HSM: behind an adapter that stays plugged in, the link goes on as if nothing had
// happened. The other one gets nothing.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import { hsms } from '../../drivers/hsm/registry.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { type RecipeName, unitOf } from '../../station-core/practice.ts';
import { heldKey } from '../suites/held-key.ts';
import { TestStation } from '../suites/station.ts';

/** What a run asks an HSM for between the unit's identity and its credential. */
const asked: ReadonlySet<string | symbol> = new Set(['deriveDeviceKey', 'seal', 'sign']);
/** What hands do while the HSM is asked. */
let hands: (() => Promise<void>) | undefined;

/** An HSM that is slow enough for that. */
const slow = (hsm: Hsm): Hsm =>
  new Proxy(hsm, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!asked.has(name)) return member.bind(target);
      return async (...given: unknown[]) => {
        const answer: unknown = await Reflect.apply(member, target, given);
        await hands?.();
        return answer;
      };
    },
  });

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({
    lanes: 1,
    hsm: async (folder) => slow(await hsms.soft({ folder: join(folder, 'practice', 'hsm') })),
  });
});
afterEach(() => {
  hands = undefined;
});
afterAll(async () => {
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
  await line.close();
});

const releases = (run: number) =>
  line.entries().filter((entry) => entry.action === 'credential.released' && entry.run === run);

test.each<RecipeName>(['symmetric-group', 'symmetric-individual', 'x509-group', 'x509-individual'])(
  'made by %s, the other unit gets nothing, and the one that was scanned its own credential afterwards',
  async (recipe) => {
    const { labels } = await line.order(recipe, 2);
    const [serial = '', other = ''] = labels;
    hands = () => line.line.place(1, unitOf(other));
    const run = await line.scan(1, serial);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.serial-mismatch' } });
    expect(run.error?.details).toMatchObject({ foundSerial: other });
    expect(releases(run.id)).toEqual([]);
    expect(heldKey(join(line.folder, 'practice'), other)).toBeUndefined();
    hands = undefined;
    expect((await line.scan(1, serial)).outcome).toBe('passed');
    expect((await line.scan(1, other)).outcome).toBe('passed');
  },
);
