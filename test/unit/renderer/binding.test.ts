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
  const seen = seePorts(beginBinding([a]), [a, b], { [b.path]: 2 });
  expect(seen).toMatchObject({ asks: 'taken', lane: 2 });
  expect(seen.bound).toBeUndefined();
  expect(seePorts(seen, [a, b, c], { [b.path]: 2 }).bound).toEqual(c);
});

test('of ports that come at once a person chooses one', () => {
  const seen = seePorts(beginBinding([a]), [a, b, c], {});
  expect(seen).toMatchObject({ asks: 'choose', choices: [b, c] });
  expect(seen.bound).toBeUndefined();
});
