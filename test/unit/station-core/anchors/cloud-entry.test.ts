import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { cloudAnchorId, heldBy } from '../../../../station-core/anchors/cloud.ts';
import { checkId } from '../../../../station-core/contract/registration-id.ts';

test('its name is a registration ID, whatever the station is called', () => {
  expect(cloudAnchorId('line-3')).toBe('birthmark-anchor-line-3');
  for (const name of ['Halle 4 / Linie Ü', 'x'.repeat(500), 'ends.', '…', randomBytes(60).toString('base64')]) {
    const found = cloudAnchorId(name);
    expect(checkId(found)).toBe(found);
  }
  expect(cloudAnchorId(`${'x'.repeat(200)}1`)).not.toBe(cloudAnchorId(`${'x'.repeat(200)}2`));
});

test('what an entry says is believed as far as it is an anchor', () => {
  const bad = [
    undefined,
    null,
    7,
    {},
    { checkpoint: 'x' },
    { checkpoint: 5, log: 'a' },
    { checkpoint: 'x'.repeat(5_000), log: 'a' },
  ];
  for (const information of bad) expect(heldBy(information, 'a')).toBeUndefined();
  expect(heldBy({ checkpoint: 'x', log: 'b' }, 'a')).toBeUndefined();
  expect(heldBy({ checkpoint: 'x', log: 'a', more: true }, 'a')).toBe('x');
});
