import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { actor, prepareFolder } from '../../station-core/practice.ts';
import { programmedBy } from '../suites/programmers.ts';
import { onBothHosts } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// A unit that is programmed first: how far that is, on its tile.

const serials = ['SN-1', 'SN-2', 'SN-3'];

/** A line whose programmer says 42 % and goes on when there is a file `go` in the station's folder. */
async function prepare(folder: string): Promise<void> {
  prepareFolder(folder, 4);
  const file = join(folder, 'station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, programmers: { writer: { path: '/bin/sh' } } }));
  const waits = `while ! [ -e '${folder}/go' ]; do sleep 0.1; done`;
  const line = `printf '\\rWriting at 0x00001000... (42 %%)'; ${waits}; echo; case $0 in SN-2) echo 'Failed to connect: no sync reply'; exit 2;; esac`;
  const plan = { args: ['-c', line, '{serial}'], failed: [2], progress: '({percent} %)', deadlineSeconds: 600 };
  const opened = await openStation(folder, {}, 'a test');
  try {
    const order = { name: 'programmed', recipe: programmedBy('', plan), units: serials.map((serial) => ({ serial })) };
    await opened.station.call('orders.create', order, { actor: actor(opened.station, 'lead') });
  } finally {
    await opened.close();
  }
}

onBothHosts('a line that programs its units', { lanes: 4, prepare }, (opened) => {
  const tile = (lane: number) => opened().page.locator(`[data-lane="${lane}"]`);
  const programming = (lane: number) => tile(lane).locator('[data-step="program"][data-state="running"]');

  test('tells how far each of them is, and no verdict before the whole run has one', async () => {
    const { page, folder, complaints, host } = opened();
    await page.getByText('Scan a unit').waitFor();
    for (const serial of serials) {
      await page.keyboard.type(serial);
      await page.keyboard.press('Enter');
    }
    for (const lane of [1, 2, 3]) await programming(lane).getByText('42 %').waitFor();
    expect(await page.locator('[data-look="passed"]').count()).toBe(0);
    await shootAll(page, `programming-${host}`);
    expect(await stickingOut(page)).toEqual([]);
    writeFileSync(join(folder, 'go'), '');
    for (const lane of [1, 3]) await page.locator(`[data-lane="${lane}"][data-look="passed"]`).waitFor();
    await page.locator('[data-lane="2"][data-look="failed"]').waitFor();
    const said = await tile(2).textContent();
    expect(said).toContain('Not programmed (writer, exit code 2): Failed to connect: no sync reply.');
    expect(await tile(1).textContent()).not.toContain('42 %');
    await shootAll(page, `programmed-${host}`);
    expect(await stickingOut(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
