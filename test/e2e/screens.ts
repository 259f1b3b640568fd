import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeOf } from './axe.ts';

const folder = join(import.meta.dirname, '..', 'out', 'screens');

/** A small and a common screen. */
export const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** A screenshot for people, in test/out/screens/; without motion, so that two runs look alike. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/**
 * Screenshots in light and dark, on a small and on a common screen; the page ends light and small again. What is photographed is
 * asked by axe as well, in both themes.
 */
export async function shootAll(page: Page, name: string): Promise<void> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const size of sizes.toReversed()) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await fontsLoaded(page);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}x${size.height}.png`) });
    }
    found.push(...(await axeOf(page)).map((one) => `${name}, ${colorScheme}: ${one}`));
  }
  expect(found).toEqual([]);
}

/** Until letters that were drawn for the first time have come: Chinese ones are a file of their own. */
const fontsLoaded = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    document.body.getBoundingClientRect();
    await document.fonts.ready;
  });

/** What sticks out of its tile, band or strip, or out of what is said on a tile, by more than a rounding: there should be nothing. */
export function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = document.querySelectorAll('[data-lane], [data-says], main > *');
    return [...boxes].flatMap((box) => {
      const outer = box.getBoundingClientRect();
      // Rows of a long table lie beyond its edge, where its scroller cuts them.
      // What is said may end in dots; the button below it is whole.
      const which = box.matches('[data-says]') ? ':scope > button' : 'span, strong, p, button, svg, li';
      const inner = [...box.querySelectorAll(which)].filter((one) => !one.closest('[role="grid"]'));
      const out = inner.filter((one) => {
        const { left, right, top, bottom, width } = one.getBoundingClientRect();
        // Rows of a table that scrolls are drawn a little beyond what is seen.
        if (width === 0 || one.closest('[role="grid"]')) return false;
        return left < outer.left - 1 || right > outer.right + 1 || top < outer.top - 1 || bottom > outer.bottom + 1;
      });
      return out.map((one) => `${box.getAttribute('data-lane') ?? box.tagName}: ${one.tagName} ${one.textContent}`);
    });
  });
}
