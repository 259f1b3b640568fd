import { expect, test, vi } from 'vitest';
import { type Bench, ScanDesk } from '../../../renderer/desk.ts';
import { foldEvent } from '../../../renderer/runs.ts';
import { StationError } from '../../../station-core/contract/errors.ts';
import { emptyBoard, opened } from './journal.ts';

type Started = { readonly lane: number; readonly serial: string };

/** A station that opens every run at once, unless it was told to refuse. */
function bench(lanes: number, refuse?: StationError) {
  let board = emptyBoard(lanes);
  const started: Started[] = [];
  const startRun: Bench['startRun'] = async (lane, serial) => {
    if (refuse) throw refuse;
    started.push({ lane, serial });
    const n = board.n + 1;
    board = foldEvent(board, { n, run: n, event: opened(n, lane, serial) });
  };
  return { started, desk: new ScanDesk({ lanes: () => board.lanes, startRun, seen: () => undefined }) };
}

function scan(desk: ScanDesk, code: string, at: number): void {
  for (const [index, key] of [...code, 'Enter'].entries()) desk.press(key, at + index);
}

const settled = (desk: ScanDesk) =>
  vi.waitUntil(() => {
    const { scanner, starting, last } = desk.desk.get();
    return scanner.queue.length === 0 && starting.size === 0 && last?.fate.kind !== 'sending';
  });

test('scans that come faster than the station answers go to one lane each, in order', async () => {
  const { desk, started } = bench(3);
  for (const [index, code] of ['AAAA', 'BBBB', 'CCCC'].entries()) scan(desk, code, index * 10);
  await settled(desk);
  expect(started).toEqual([
    { lane: 1, serial: 'AAAA' },
    { lane: 2, serial: 'BBBB' },
    { lane: 3, serial: 'CCCC' },
  ]);
});

test('a scan is shown on its lane before the station has answered', () => {
  const { desk } = bench(2);
  scan(desk, 'AAAA', 0);
  expect([...desk.desk.get().starting]).toEqual([[1, 'AAAA']]);
});

test('a selected lane takes one scan and gives the choice back', async () => {
  const { desk, started } = bench(3);
  desk.select(3);
  scan(desk, 'AAAA', 0);
  await settled(desk);
  scan(desk, 'BBBB', 100);
  await settled(desk);
  expect(started.map(({ lane }) => lane)).toEqual([3, 1]);
});

test('a refused scan keeps its error and the selected lane until the next one', async () => {
  const refuse = new StationError('unit.finished', { serial: 'AAAA', at: '2026-11-20T08:00:00.000Z' });
  const { desk } = bench(2, refuse);
  desk.select(2);
  scan(desk, 'AAAA', 0);
  await settled(desk);
  expect(desk.desk.get().last?.fate).toEqual({ kind: 'refused', lane: 2, error: refuse.toData() });
  expect(desk.desk.get().selected).toBe(2);
});

test('a scan finds no lane when all work, and none is started later in its place', async () => {
  const { desk, started } = bench(1);
  scan(desk, 'AAAA', 0);
  await settled(desk);
  scan(desk, 'BBBB', 100);
  await settled(desk);
  expect(desk.desk.get().last?.fate).toEqual({ kind: 'unplaced', why: 'no-lane' });
  expect(started).toHaveLength(1);
});

test('a scan without a connection is refused and not kept', async () => {
  const startRun = vi.fn(async () => undefined);
  const desk = new ScanDesk({ lanes: () => undefined, startRun, seen: () => undefined });
  scan(desk, 'AAAA', 0);
  await settled(desk);
  expect(desk.desk.get().last?.fate).toEqual({ kind: 'unplaced', why: 'offline' });
  expect(startRun).not.toHaveBeenCalled();
});

test('a scan that is cut off before its answer keeps its lane until the connection is back', async () => {
  const { desk } = bench(2, new StationError('rpc.closed'));
  scan(desk, 'AAAA', 0);
  await vi.waitUntil(() => desk.desk.get().last?.fate.kind === 'refused');
  expect([...desk.desk.get().starting]).toEqual([[1, 'AAAA']]);
  desk.reconnected();
  expect(desk.desk.get().starting.size).toBe(0);
});

test('Escape clears what was gathered, and only then gives the choice of the lane back', () => {
  const { desk } = bench(2);
  desk.select(2);
  desk.press('A', 0);
  desk.press('Escape', 100);
  expect(desk.desk.get().selected).toBe(2);
  desk.press('Escape', 200);
  expect(desk.desk.get().selected).toBeUndefined();
});
