import { describe, expect, test } from 'vitest';
import { StationClient } from '../../../renderer/client.ts';
import { foldEvent, seeAll } from '../../../renderer/runs.ts';
import { callsSomebody, TourStore } from '../../../renderer/touring.ts';
import { closed, emptyBoard, opened } from './journal.ts';

/** What a browser keeps, without a browser. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  } as Storage;
}

const nobodySees = () => false;

const neverOpened = () => {
  throw new TypeError('no station here');
};

const boardOf = (outcome: 'passed' | 'failed') => {
  const open = foldEvent(emptyBoard(2), { n: 1, run: 1, event: opened(1, 1) });
  return foldEvent(open, { n: 2, run: 1, event: closed(2, outcome) });
};

describe('the tour', () => {
  test('is offered once on a computer, begun or declined', () => {
    const kept = storage();
    const tour = new TourStore(new StationClient(neverOpened, storage()), kept, nobodySees);
    expect(tour.get()).toEqual({ tour: undefined, offered: true });
    tour.leave();
    expect(tour.get().offered).toBe(false);
    expect(new TourStore(new StationClient(neverOpened, storage()), kept, nobodySees).get().offered).toBe(false);
  });

  test('goes on by the board, and is gone when it is left', () => {
    const client = new StationClient(neverOpened, storage());
    const tour = new TourStore(client, storage(), nobodySees);
    tour.begin();
    client.screen.change({ board: boardOf('passed') });
    expect(tour.get().tour?.step).toBe('wrong');
    tour.leave();
    expect(tour.get().tour).toBeUndefined();
    tour.tell({ what: 'next' });
    expect(tour.get().tour).toBeUndefined();
  });
});

test('a failure calls somebody until it was seen, a pass nobody', () => {
  expect(callsSomebody(boardOf('passed'))).toBe(false);
  expect(callsSomebody(boardOf('failed'))).toBe(true);
  expect(callsSomebody(seeAll(boardOf('failed')))).toBe(false);
  expect(callsSomebody(undefined)).toBe(false);
});
