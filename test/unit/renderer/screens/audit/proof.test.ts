import { expect, onTestFinished, test } from 'vitest';
import { prove } from '../../../../../renderer/screens/audit/proof.ts';
import type { EntryView } from '../../../../../station-core/contract/audit-search.ts';
import { TestStation } from '../../../../suites/station.ts';

/** Entries of a real station's log under a head of so many sizes. */
async function entriesOf(): Promise<readonly EntryView[]> {
  const line = await TestStation.open({ lanes: 1 });
  onTestFinished(() => line.close());
  const views: EntryView[] = [];
  for (let round = 0; round < 6; round++) {
    const { size } = await line.as('auditor', 'audit.checkpoint', {});
    for (let seq = 0; seq < size; seq++) views.push(await line.as('auditor', 'audit.entry', { seq }));
    // Each compared code is an entry more.
    const { code } = await line.as('auditor', 'audit.checkpoint', {});
    for (let more = 0; more <= round; more++) await line.as('auditor', 'audit.compare', { code });
  }
  return views;
}

type Proven = EntryView & Required<Pick<EntryView, 'proof'>>;
const flipped = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  return bytes.toString('base64');
};

test('every entry under every head is proven, and nothing that was changed is', async () => {
  const views = (await entriesOf()) as readonly Proven[];
  expect(views.length).toBeGreaterThan(60);
  for (const view of views) {
    const proof = await prove(view);
    expect([view.seq, view.proof.head.size, proof.is]).toEqual([view.seq, view.proof.head.size, 'verified']);
    if (proof.is === 'verified') expect(proof.steps.length).toBe(view.proof.hashes.length);
  }
  const view = views.at(-3) as Proven;
  const { proof } = view;
  const { head } = proof;
  const withHead = (part: object): EntryView => ({ ...view, proof: { ...proof, head: { ...head, ...part } } });
  const withHashes = (hashes: readonly string[]): EntryView => ({ ...view, proof: { ...proof, hashes } });
  const other = views.find((one) => one.seq === view.seq - 1) as Proven;
  const signature = head.note.slice(head.note.indexOf('— '));
  const changed: readonly (readonly [string, EntryView])[] = [
    ['bytes', { ...view, bytes: flipped(view.bytes) }],
    ['bytes', { ...view, leaf: flipped(view.leaf) }],
    ['number', { ...view, seq: view.seq - 1 }],
    ['root', { ...view, bytes: other.bytes, leaf: other.leaf, seq: other.seq }],
    ['root', withHashes([flipped(proof.hashes[0] ?? ''), ...proof.hashes.slice(1)])],
    ['path', withHashes(proof.hashes.slice(1))],
    ['path', withHashes([...proof.hashes, view.leaf])],
    ['root', withHead({ root: flipped(head.root) })],
    ['note', withHead({ origin: 'another' })],
    ['key', withHead({ fingerprint: '0'.repeat(64) })],
    ['key', withHead({ note: head.note.replace('— ', '— x') })],
    [
      'signature',
      withHead({ note: head.note.replace(signature, `— ${head.origin} ${flippedSignature(signature)}\n`) }),
    ],
  ];
  for (const [what, one] of changed) expect([what, await prove(one)]).toEqual([what, { is: 'broken', what }]);
  const { proof: _, ...unsealed } = view;
  expect(await prove(unsealed)).toEqual({ is: 'unsealed' });
});

/** The last byte of the P-256 signature is of s, whatever the lengths are. */
function flippedSignature(line: string): string {
  const bytes = Buffer.from(line.split('\n')[0]?.split(' ')[2] ?? '', 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
}
