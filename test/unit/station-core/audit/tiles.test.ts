import { hash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeOf } from '../../../../station-core/audit/export/tiles.ts';
import { parseCheckpoint } from '../../../../station-core/audit/note.ts';
import { written } from '../../../suites/exported.ts';
import { SignedLog } from '../../../suites/signed-log.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** Entry i is the decimal of i: a log that Go's x/mod and tessera's fsck were run over, which gave these values. */
async function tilesOf(size: number) {
  const folder = temporaryFolder();
  const log = new SignedLog(folder);
  onTestFinished(() => void log.db.close());
  await log.raw(Array.from({ length: size }, (_, index) => String(index)));
  return (await written(folder, join(folder, 'out'), 'tiles')).exported;
}

/** Roots of the first n of these entries, in hex. */
const roots: Readonly<Record<number, string>> = {
  5: 'b6748f6ed7a99de7da84fd97e1a3bac6fab8999f4a43695cab9528a2de431147',
  256: '828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1',
  600: '3e7332551f050738a741dfe1c55508fd9525510fbcab30ca679f35fbe9f6cc26',
  65536: 'f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b',
  70000: '1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e',
};

const tilesIn = (names: readonly string[]) => names.filter((name) => name.startsWith('tile/'));

test('5 entries are one bundle and one tile, neither of them full', async () => {
  const exported = await tilesOf(5);
  expect(tilesIn(exported.names)).toEqual(['tile/0/000.p/5', 'tile/entries/000.p/5']);
  expect(exported.bytes('tile/entries/000.p/5').toString('hex')).toBe('000130000131000132000133000134');
  expect(parseCheckpoint(exported.text('checkpoint')).root.toString('hex')).toBe(roots[5]);
});

test('256 entries are a full tile, and a tile of one hash above it', async () => {
  const exported = await tilesOf(256);
  expect(tilesIn(exported.names)).toEqual(['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']);
  expect(exported.bytes('tile/0/000')).toHaveLength(8_192);
  expect(exported.bytes('tile/1/000.p/1').toString('hex')).toBe(roots[256]);
});

const published: Readonly<Record<string, readonly [bytes: number, sha256: string]>> = {
  'tile/0/000': [8192, 'b9704a8bfbee2c61185ceb38904a49f3f703c81e194b5b2ccdc254c2bdaaa62b'],
  'tile/0/002.p/88': [2816, 'fe426762d1741d58dbd092cbfbb397752425fc36436700fb449477da7e011021'],
  'tile/1/000.p/2': [64, 'f0e0bb7051ef66a39793a3f5f60e4f30a172373f863e99227054666b3af40dd5'],
  'tile/entries/000': [1170, '94693d5c6d6a0355ec07bac8214516c1ce6a5100b0588f226fd95f26571157d7'],
  'tile/entries/002.p/88': [440, '7f7848d92dd2e1f11145341d98dd87141895770c9d688f268d2203aed5fe63ae'],
};

test('600 entries give the published tiles and bundles, byte for byte', async () => {
  const exported = await tilesOf(600);
  for (const [name, [bytes, sha256]] of Object.entries(published)) {
    expect([name, exported.bytes(name).length, hash('sha256', exported.bytes(name), 'hex')]).toEqual([
      name,
      bytes,
      sha256,
    ]);
  }
  expect(parseCheckpoint(exported.text('checkpoint')).root.toString('hex')).toBe(roots[600]);
  expect(exported.manifest).toMatchObject({ kind: 'tiles', complete: true, entries: 600, sealed: 600 });
  expect(exported.wrong()).toEqual([]);
});

test('70,000 entries reach the third level, in 551 files', { timeout: 60_000 }, async () => {
  const exported = await tilesOf(70_000);
  expect(tilesIn(exported.names)).toHaveLength(551);
  expect(hash('sha256', exported.bytes('tile/1/001.p/17'), 'hex')).toBe(
    'adfaca2731630fe7944a4b98a0f98ef3e98685eafda09e6f81070218fb759ce4',
  );
  expect(exported.bytes('tile/2/000.p/1').toString('hex')).toBe(roots[65536]);
  expect(exported.bytes('tile/0/273.p/112')).toHaveLength(112 * 32);
  expect(parseCheckpoint(exported.text('checkpoint')).root.toString('hex')).toBe(roots[70000]);
  // Neither the stored tree nor its head differs from what was computed on the way.
  expect(exported.manifest.problems).toEqual([]);
});

test.each([
  [0, 256, '000'],
  [67, 256, '067'],
  [1_000, 256, 'x001/000'],
  [1_234_067, 256, 'x001/x234/067'],
  [1_234_067, 8, 'x001/x234/067.p/8'],
])('tile %i of width %i lies at %s', (n, width, place) => {
  expect(placeOf(n, width)).toBe(place);
});
