import { expect, test } from 'vitest';
import { beginBinding, seePorts } from '../../../renderer/binding.ts';

const port = (name: string) => ({ path: `/by-path/${name}`, device: `/dev/${name}`, about: '' });
const [a, b, c] = [port('a'), port('b'), port('c')];

test('the port that goes and comes back is the lane’s', () => {
  const begun = beginBinding([a, b]);
  expect(begun.asks).toBe('unplug');
  expect(seePorts(begun, [a, b], {})).toBe(begun);
  const gone = seePorts(begun, [a], {});
  expect(gone.asks).toBe('plug');
  expect(seePorts(gone, [a, b], {}).bound).toEqual(b);
});

test('a cable that was not plugged in is found without being unplugged', () => {
  expect(seePorts(beginBinding([a]), [a, b], {}).bound).toEqual(b);
});

test('a port that another lane has is never taken', () => {
  const taken = { [b.path]: { kind: 'lane', number: 2 } } as const;
  const seen = seePorts(beginBinding([a]), [a, b], taken);
  expect(seen).toMatchObject({ asks: 'taken', owner: { kind: 'lane', number: 2 } });
  expect(seen.bound).toBeUndefined();
  expect(seePorts(seen, [a, b, c], taken).bound).toEqual(c);
});

test('a port that another has under another name of its device is not taken either', () => {
  const again = { ...b, path: '/by-path/b-usbv2' };
  const scanner = { kind: 'scanner', number: 1 } as const;
  for (const path of [b.device, b.path, again.path]) {
    const seen = seePorts(beginBinding([a]), [a, b, again], { [path]: scanner });
    expect(seen).toMatchObject({ asks: 'taken', owner: scanner });
  }
});

test('a port with two links is one port', () => {
  expect(seePorts(beginBinding([a]), [a, b, { ...b, path: '/by-path/b-usbv2' }], {}).bound).toEqual(b);
});

test('of ports that come at once a person chooses one', () => {
  const seen = seePorts(beginBinding([a]), [a, b, c], {});
  expect(seen).toMatchObject({ asks: 'choose', choices: [b, c] });
  expect(seen.bound).toBeUndefined();
});
