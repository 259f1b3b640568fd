import { expect, test } from 'vitest';
import { fingerprintOf, isTyped } from '../../../../../renderer/screens/cloud/fingerprint.ts';
import { fingerprintOf as fingerprintAt } from '../../../../../station-core/bundle/format.ts';

test('the page computes the fingerprint that the applier’s machine and the station show', async () => {
  for (const name of ['office', 'Büro 3', '办公室']) {
    const file = {
      schema: 1,
      kind: 'birthmark-applier',
      name,
      encryption: 'A'.repeat(124),
      receipts: 'B'.repeat(124),
    } as const;
    const shown = await fingerprintOf(file);
    expect(shown).toBe(fingerprintAt(file));
    expect(isTyped(shown, ` ${shown.toLowerCase().replaceAll('-', ' ')}`)).toBe(true);
    expect(isTyped(shown, shown.slice(0, -1))).toBe(false);
  }
});
