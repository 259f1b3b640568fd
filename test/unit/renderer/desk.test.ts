import { expect, test, vi } from 'vitest';
import { type Bench, ScanDesk } from '../../../renderer/desk.ts';
import { foldEvent } from '../../../renderer/runs.ts';
import { StationError } from '../../../station-core/contract/errors.ts';
import { emptyBoard, opened } from './journal.ts';

type Started = { readonly lane: number; readonly serial: string };

const quiet = {
  armLane: async () => ({ until: '2026-11-27T08:05:00.000Z' }),
  scanning: () => ({ checksum: 'none' }) as const,
  hasDialog: () => false,
  confirm: () => false,
  seen: () => undefined,
};

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
  return { started, desk: new ScanDesk({ ...quiet, lanes: () => board.lanes, startRun }) };
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
  const desk = new ScanDesk({ ...quiet, lanes: () => undefined, startRun });
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

/** A desk with its lanes and what came of it, on a station that is set up so. */
function deskOf(more: Partial<Bench>, start?: 'attach') {
  const startRun = vi.fn<Bench['startRun']>(async () => undefined);
  const armLane = vi.fn<Bench['armLane']>(async () => ({ until: '2026-11-27T08:05:00.000Z' }));
  const lanes = emptyBoard(2).lanes.map((lane) => ({ ...lane, attached: false, ...(start ? { start } : {}) }));
  const desk = new ScanDesk({
    ...quiet,
    lanes: () => (start ? lanes : emptyBoard(2).lanes),
    startRun,
    armLane,
    ...more,
  });
  const fateOf = async (code: string) => {
    desk.scanned(code, 0);
    await settled(desk);
    return desk.desk.get().last?.fate;
  };
  return { desk, startRun, armLane, fateOf };
}

test('what was typed, scanned, and clicked is told apart to the station', async () => {
  const { desk, startRun } = deskOf({});
  scan(desk, 'AAAA', 0);
  for (const [index, key] of [...'BB', 'Enter'].entries()) desk.press(key, 1_000 + index * 200);
  desk.click('CCCC', 2_000);
  desk.scanned('DDDD', 3_000);
  await settled(desk);
  await vi.waitUntil(() => startRun.mock.calls.length === 4);
  expect(startRun.mock.calls.map(([, serial, how]) => `${how} ${serial}`)).toEqual([
    'scanned AAAA',
    'typed BB',
    'typed CCCC',
    'scanned DDDD',
  ]);
});

test('of a GS1 label the serial goes to the station, and a misread label goes nowhere', async () => {
  const { startRun, fateOf } = deskOf({});
  expect(await fateOf(']C1010950110102091721A-1')).toMatchObject({ kind: 'taken', lane: 1 });
  expect(startRun.mock.calls).toEqual([[1, 'A-1', 'scanned']]);
  expect(await fateOf(']C1010950110102091821A-2')).toMatchObject({
    kind: 'misread',
    error: { code: 'scan.unreadable' },
  });
  expect(startRun).toHaveBeenCalledTimes(1);
});

test('a prefix that the scanner sends is taken off, with whatever was left standing before it', async () => {
  const { desk, startRun } = deskOf({ scanning: () => ({ prefix: '~', checksum: 'none' }) });
  for (const [index, key] of [...'ab', ...'~AAAA', 'Enter'].entries()) desk.press(key, index * 70);
  await settled(desk);
  expect(startRun.mock.calls).toEqual([[1, 'AAAA', 'scanned']]);
});

test('the checksum of the station refuses a serial that was read wrongly', async () => {
  const { startRun, fateOf } = deskOf({ scanning: () => ({ checksum: 'mod10' }) });
  expect(await fateOf('4006381333932')).toMatchObject({ kind: 'misread', error: { code: 'scan.checksum' } });
  expect(await fateOf('4006381333931')).toMatchObject({ kind: 'taken' });
  expect(startRun).toHaveBeenCalledTimes(1);
});

test('a fixture barcode chooses its lane, scanned twice as well, and one that there is not is refused', async () => {
  const { desk, startRun, fateOf } = deskOf({});
  expect(await fateOf('BM-F-2')).toEqual({ kind: 'chosen', lane: 2 });
  expect(await fateOf('BM-F-2')).toEqual({ kind: 'chosen', lane: 2 });
  expect(desk.desk.get().selected).toBe(2);
  expect(await fateOf('BM-F-9')).toMatchObject({ kind: 'misread', error: { code: 'lane.unknown' } });
  await fateOf('AAAA');
  expect(startRun.mock.calls).toEqual([[2, 'AAAA', 'scanned']]);
});

test('command barcodes press what most people want of a dialog, and make a unit once more; else they say that there is nothing', async () => {
  const confirm = vi.fn(() => true);
  const { fateOf } = deskOf({ confirm });
  expect(await fateOf('BM-C-RETRY')).toEqual({ kind: 'unplaced', why: 'nothing-to-retry' });
  await fateOf('BM-C-CONFIRM');
  expect(confirm).toHaveBeenCalledOnce();
  expect(await deskOf({}).fateOf('BM-C-CONFIRM')).toEqual({ kind: 'unplaced', why: 'nothing-to-confirm' });
});

test('a badge is nobody’s unit: a screen that wants one gets it, the lanes refuse it', async () => {
  const { desk, startRun, fateOf } = deskOf({});
  expect(await fateOf('BM-P-7-3')).toEqual({ kind: 'unplaced', why: 'badge' });
  const badges: string[] = [];
  const stop = desk.offer((code) => code.kind === 'person' && badges.push(code.badge) > 0);
  desk.scanned('BM-P-8-1', 9_000);
  await vi.waitUntil(() => badges.length === 1);
  stop();
  expect(badges).toEqual(['BM-P-8-1']);
  expect(startRun).not.toHaveBeenCalled();
});

test('a unit that is scanned while another screen or a dialog is open starts nothing', async () => {
  const other = deskOf({});
  other.desk.look(false);
  expect(await other.fateOf('AAAA')).toEqual({ kind: 'unplaced', why: 'elsewhere' });
  other.desk.look(true);
  expect(await other.fateOf('BBBB')).toMatchObject({ kind: 'taken' });
  expect(await deskOf({ hasDialog: () => true }).fateOf('AAAA')).toEqual({ kind: 'unplaced', why: 'elsewhere' });
});

test('a lane that starts by plugging in is armed by a scan, with nothing plugged in', async () => {
  const { startRun, armLane, fateOf } = deskOf({}, 'attach');
  expect(await fateOf('AAAA')).toEqual({ kind: 'armed', lane: 1, until: '2026-11-27T08:05:00.000Z' });
  expect(armLane.mock.calls).toEqual([[1, 'AAAA', 'scanned']]);
  expect(startRun).not.toHaveBeenCalled();
});
