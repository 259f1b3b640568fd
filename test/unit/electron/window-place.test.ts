import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOn, readPlace, type Screen, type WindowPlace } from '../../../electron/window-place.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

const left: Screen = { id: 1, workArea: { x: 0, y: 40, width: 1920, height: 1040 } };
const right: Screen = { id: 2, workArea: { x: 1920, y: 0, width: 1280, height: 1024 } };
const kept = (part: Partial<WindowPlace> = {}): WindowPlace => ({
  display: 2,
  bounds: { x: 2000, y: 100, width: 1000, height: 700 },
  maximized: false,
  ...part,
});

test('a window comes back to its place on its display, maximised if it was', () => {
  expect(placeOn([left, right], kept())).toEqual(kept());
  expect(placeOn([left, right], kept({ maximized: true }))).toEqual(kept({ maximized: true }));
});

test('a window whose display is gone, and one that never was, come where the system says', () => {
  expect(placeOn([left], kept())).toBeUndefined();
  expect(placeOn([left, right], undefined)).toBeUndefined();
});

test('wherever a window was and whatever its display shows today, all of it is within', async () => {
  const side = fc.integer({ min: -5_000, max: 5_000 });
  const size = fc.integer({ min: 200, max: 9_000 });
  const area = fc.record({ x: side, y: side, width: size, height: size });
  await fc.assert(
    fc.property(area, area, (bounds, workArea) => {
      const found = placeOn([{ id: 2, workArea }], kept({ bounds }))?.bounds;
      if (!found) throw new TypeError('its display is there');
      expect(found.x).toBeGreaterThanOrEqual(workArea.x);
      expect(found.y).toBeGreaterThanOrEqual(workArea.y);
      expect(found.x + found.width).toBeLessThanOrEqual(workArea.x + workArea.width);
      expect(found.y + found.height).toBeLessThanOrEqual(workArea.y + workArea.height);
    }),
  );
});

test.each([
  '',
  '{',
  '[]',
  '{"display":2}',
  '{"display":2,"bounds":{"x":0,"y":0,"width":1e9,"height":1},"maximized":true}',
])('a file that holds %j is none, and the window opens all the same', (text) => {
  const file = join(temporaryFolder(), 'window.json');
  writeFileSync(file, text);
  expect(readPlace(file)).toBeUndefined();
});

test('a file that is there no more is none either', () => {
  expect(readPlace(join(temporaryFolder(), 'none.json'))).toBeUndefined();
});
