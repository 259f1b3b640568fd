import { writeFileSync } from 'node:fs';
import type { BrowserWindow, Display } from 'electron';
import * as z from 'zod/mini';
import { readJson } from './options.ts';

// Where the window was, kept in the profile, and brought back only onto a display that is there.

const coordinate = z.int().check(z.gte(-100_000), z.lte(100_000));
const length = z.int().check(z.gte(200), z.lte(100_000));

const placeSchema = z.strictObject({
  /** The display's number, as the system gives it. */
  display: z.number(),
  bounds: z.strictObject({ x: coordinate, y: coordinate, width: length, height: length }),
  maximized: z.boolean(),
});
export type WindowPlace = z.output<typeof placeSchema>;

/** What matters of a display. */
export type Screen = Pick<Display, 'id' | 'workArea'>;

/**
 * The place for a window that was at `kept`: there, moved and shrunk into what its display shows today. None when nothing
 * was kept or the display is gone; the system then chooses.
 */
export function placeOn(screens: readonly Screen[], kept: WindowPlace | undefined): WindowPlace | undefined {
  const area = screens.find(({ id }) => id === kept?.display)?.workArea;
  if (!kept || !area) return undefined;
  const width = Math.min(kept.bounds.width, area.width);
  const height = Math.min(kept.bounds.height, area.height);
  const x = between(area.x, kept.bounds.x, area.x + area.width - width);
  const y = between(area.y, kept.bounds.y, area.y + area.height - height);
  return { ...kept, bounds: { x, y, width, height } };
}

const between = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

/** What was kept; none when nothing was, or when it cannot be read: a window opens all the same. */
export function readPlace(file: string): WindowPlace | undefined {
  const read = z.safeParse(placeSchema, readJson(file));
  return read.success ? read.data : undefined;
}

/** Keeps a window's place when it closes, whatever way: a full screen or a kiosk is kept as what it covers. */
export function keepPlace(window: BrowserWindow, file: string, screenOf: (bounds: Electron.Rectangle) => Screen): void {
  window.on('close', () => {
    const bounds = window.getNormalBounds();
    const kept: WindowPlace = { display: screenOf(bounds).id, bounds, maximized: window.isMaximized() };
    writeFileSync(file, JSON.stringify(kept));
  });
}
