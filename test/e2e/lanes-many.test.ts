import { describe, expect, test } from 'vitest';
import { labelsOf, laneLooks, onBothHosts, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// The layout table: 1 to 32 lanes, each with a verdict that is read from afar, and the worst of all as the largest text.

describe.each([1, 8, 16, 32])('%i lanes', (lanes) => {
  onBothHosts(`${lanes} lanes at a glance`, { lanes }, (opened) => {
    test('one failure among passes is the headline and the largest word, and nothing sticks out', async () => {
      const { page, host } = opened();
      await page.getByText('Scan a unit').waitFor();
      const [first, second, wrong] = await labelsOf(page);
      await scan(page, first ?? '');
      await laneLooks(page, 1, 'passed');
      if (lanes > 1) {
        await scan(page, second ?? '');
        await laneLooks(page, 2, 'passed');
      }
      await scan(page, wrong ?? '');
      await laneLooks(page, Math.min(lanes, 3), 'failed');
      const headline = page.getByRole('status');
      expect(await headline.getAttribute('data-look')).toBe('failed');
      if (lanes > 8) {
        const sizes = await page.evaluate(() => {
          const size = (one: Element) => Number.parseFloat(getComputedStyle(one).fontSize);
          const status = document.querySelector('[role="status"] strong');
          const words = [...document.querySelectorAll('[data-lane] [data-letters] span')];
          return { headline: status ? size(status) : 0, largest: Math.max(...words.map(size)) };
        });
        expect(sizes.headline).toBeGreaterThanOrEqual(sizes.largest);
      }
      expect(await stickingOut(page)).toEqual([]);
      if (host === 'browser') await shootAll(page, `lanes-${lanes}`);
    });
  });
});
