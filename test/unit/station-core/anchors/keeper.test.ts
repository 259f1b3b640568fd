import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Anchor } from '../../../../station-core/anchors/anchor.ts';
import { Keeper } from '../../../../station-core/anchors/keeper.ts';
import { anchors } from '../../../../station-core/anchors/registry.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const label = 'birthmark-audit-00c0ffee';

function keeperOf(anchor: Anchor, believes: (note: string) => boolean = () => true) {
  const told: (string | undefined)[] = [];
  const keeper = new Keeper({
    anchor,
    compare: async (note) => believes(note),
    mayWrite: () => true,
    told: (_, problem) => told.push(problem),
  });
  return { keeper, told };
}

test('a folder holds one whole note, and nothing of the ones before', async () => {
  const folder = join(temporaryFolder(), 'own');
  const anchor = anchors.folder({ folder, label, own: true });
  expect(await anchor.read()).toBeUndefined();
  await anchor.write('one\n');
  await anchor.write('two\n');
  expect(await anchor.read()).toBe('two\n');
  expect(readdirSync(folder)).toEqual([`${label}.checkpoint`]);
});

test('a folder that is not there is told once and not made; when it is back it is read before it is written', async () => {
  const folder = join(temporaryFolder(), 'stick');
  const { keeper, told } = keeperOf(anchors.folder({ folder, label, own: false }), (note) => note !== 'newer\n');
  expect(await keeper.read()).toBeUndefined();
  keeper.write('one\n');
  await keeper.idle();
  expect(existsSync(folder)).toBe(false);
  expect(told).toEqual([expect.stringContaining('ENOENT')]);
  expect(keeper.seen).toBe(false);
  mkdirSync(folder);
  writeFileSync(join(folder, `${label}.checkpoint`), 'newer\n');
  keeper.write('two\n');
  await keeper.idle();
  expect(readFileSync(join(folder, `${label}.checkpoint`), 'utf8')).toBe('newer\n');
  writeFileSync(join(folder, `${label}.checkpoint`), 'older\n');
  keeper.write('three\n');
  await keeper.idle();
  expect(readFileSync(join(folder, `${label}.checkpoint`), 'utf8')).toBe('three\n');
  expect(told.at(-1)).toBeUndefined();
});

test('what is longer than a note is not read whole', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `${label}.checkpoint`), 'x'.repeat(1_000_000));
  expect((await anchors.folder({ folder, label, own: false }).read())?.length).toBe(4_097);
});

test('a folder that cannot be written is told, and never without the note that it had', async () => {
  const folder = temporaryFolder();
  const anchor = anchors.folder({ folder, label, own: false });
  await anchor.write('one\n');
  renameSync(folder, `${folder}.gone`);
  await expect(anchor.write('two\n')).rejects.toMatchObject({ code: 'folder.failed', details: { reason: 'ENOENT' } });
  renameSync(`${folder}.gone`, folder);
  expect(await anchor.read()).toBe('one\n');
});

test('while one note is being written only the newest waits', async () => {
  const written: string[] = [];
  const gate = Promise.withResolvers<void>();
  const { keeper } = keeperOf({
    name: 'slow',
    read: async () => written.at(-1),
    write: async (note) => {
      await gate.promise;
      written.push(note);
    },
  });
  for (const note of ['1', '2', '3', '4']) keeper.write(note);
  gate.resolve();
  await keeper.idle();
  expect(written).toEqual(['1', '4']);
});
