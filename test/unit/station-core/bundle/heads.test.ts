import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkpointText } from '../../../../station-core/audit/note.ts';
import { pack } from '../../../../station-core/bundle/content.ts';
import type { Manifest } from '../../../../station-core/bundle/format.ts';
import { readBundle } from '../../../../station-core/bundle/sealed.ts';
import type { ApplierFile } from '../../../../station-core/contract/bundle.ts';
import { TestSigner, testApplier, twoRows } from '../../../suites/bundles.ts';

// Whoever sees a station's bundles sees when the station became older than it was.

const origin = 'birthmark/line-3/00000000';
const once = { acceptGap: false };

/** A checkpoint as a manifest carries it; who signed it, the bundle's own signature vouches for. */
function head(size: number, branch = 'a', of = origin): string {
  const root = createHash('sha256').update(`${branch} ${size}`).digest();
  return `${checkpointText(of, size, root)}\n— ${of} ${Buffer.alloc(74, 1).toString('base64')}\n`;
}

/** Bundles of one station in their order, each with what is said of its audit trail. */
async function chain(station: TestSigner, file: ApplierFile, checkpoints: readonly (string | undefined)[]) {
  const texts: string[] = [];
  let previous: Manifest['previous'] = null;
  for (const [index, checkpoint] of checkpoints.entries()) {
    const rows = twoRows().map((row) => ({ ...row, registrationId: `${row.registrationId}-${index}` }));
    const said = { sequence: index + 1, previous, ...(checkpoint === undefined ? {} : { checkpoint }) };
    const { text, sha256 } = await station.bundle(file, said, pack(rows));
    previous = { sequence: index + 1, sha256: sha256.toString('hex') };
    texts.push(text);
  }
  return texts;
}

const refused: Readonly<Record<string, string | undefined>> = {
  'of fewer entries': head(99),
  'of as many others': head(100, 'b'),
  'of none': undefined,
};
test.for(Object.entries(refused))(
  'a bundle whose audit trail is one %s is refused, and nothing of it is kept',
  async ([, checkpoint]) => {
    const station = new TestSigner('line-3');
    const { applier, file } = await testApplier([station]);
    const [first = '', second = ''] = await chain(station, file, [head(100), checkpoint]);
    await applier.take(first, once);
    await expect(applier.take(second, once)).rejects.toMatchObject({
      code: 'bundle.older-head',
      details: { last: 100 },
    });
    expect(applier.records.db.prepare('SELECT count(*) FROM taken_bundle').pluck().get()).toBe(1);
  },
);

test('the same head again, a larger one, and one of an origin that was begun anew are taken', async () => {
  const station = new TestSigner('line-3');
  const { applier, file } = await testApplier([station]);
  const other = 'birthmark/line-3/11111111';
  const heads = [undefined, head(100), head(100), head(250), head(90, 'c', other)];
  for (const text of await chain(station, file, heads)) await applier.take(text, once);
  // The origin before it ended with 250: whoever comes back with it, and less, comes from before.
  const again = await chain(station, file, [...heads, head(240)]);
  await expect(applier.take(again.at(-1) ?? '', { acceptGap: true })).rejects.toMatchObject({
    code: 'bundle.older-head',
  });
});

test('receipts quote the newest head that came with a bundle which was taken; without one they say nothing', async () => {
  const station = new TestSigner('line-3');
  const { applier, file } = await testApplier([station]);
  const [first = '', second = ''] = await chain(station, file, [undefined, head(100)]);
  const taken = await applier.take(first, once);
  expect((await applier.receiptsOf(taken)).receipts).not.toHaveProperty('checkpoint');
  await applier.take(second, once);
  expect((await applier.receiptsOf(taken)).receipts.checkpoint).toBe(head(100));
});

test('a checkpoint that is none is refused with the place', async () => {
  const station = new TestSigner('line-3');
  const { applier, file } = await testApplier([station]);
  const [long = ''] = await chain(station, file, ['x'.repeat(5_000)]);
  expect(() => readBundle(long)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  const [none = ''] = await chain(station, file, ['no head']);
  await expect(applier.take(none, once)).rejects.toMatchObject({
    code: 'input.invalid',
    details: { place: 'the checkpoint' },
  });
});

test('a head travels in the manifest, and no row of a bundle is an anchor', async () => {
  const station = new TestSigner('line-3');
  const { applier, file } = await testApplier([station]);
  const [one] = twoRows();
  const rows = one ? [{ ...one, action: 'anchor' as const, carried: undefined }] : [];
  const { text } = await station.bundle(file, { rows: 1 }, pack(rows));
  await expect(applier.take(text, once)).rejects.toMatchObject({ code: 'input.invalid' });
});
