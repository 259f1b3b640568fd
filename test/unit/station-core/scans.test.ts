import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StationError } from '../../../station-core/contract/errors.ts';
import type { Progress } from '../../../station-core/contract/events.ts';
import { Client, type Port } from '../../../station-core/contract/rpc.ts';
import { serveStation } from '../../../station-core/serve.ts';
import { TestStation } from '../../suites/station.ts';

// Which page gets what a serial scanner reads.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1, parts: { scanning: { prefix: '~', checksum: 'mod10' } } });
});
afterAll(() => line.close());
beforeEach(() => void line.station.scans.recall());

let known: string | undefined;
/** Every page of a person has the same session, but for one that signs out: a sign-in takes its time. */
async function signedInOnce(client: Client): Promise<string> {
  known ??= (await client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' })).session;
  return known;
}

type Page = { readonly client: Client; readonly scans: string[]; readonly session: string; close(): void };

/** A page with a connection of its own; signed in, or not yet. */
async function page(signedIn = true): Promise<Page> {
  const toStation: ((message: unknown) => void)[] = [];
  const toPage: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  const portOf = (mine: typeof toStation, theirs: typeof toStation): Port => ({
    send: (message) => {
      for (const listener of theirs) listener(structuredClone(message));
    },
    onMessage: (listener) => void mine.push(listener),
    onClose: (listener) => void closers.push(listener),
  });
  serveStation(line.station, portOf(toStation, toPage));
  const client = new Client(portOf(toPage, toStation));
  const scans: string[] = [];
  client.onProgress((progress: Progress) => {
    if (progress.type === 'scan') scans.push('code' in progress ? progress.code : progress.error.code);
  });
  const session = signedIn ? await signedInOnce(client) : '';
  return { client, scans, session, close: () => end(closers) };
}

function end(closers: readonly (() => void)[]): void {
  for (const closer of closers) closer();
}

const take = ({ client, session }: Page) => client.call('scanners.take', {}, session ? { session } : {});
const scan = (code: string) => line.station.scans.scanned(1, { code });

test('a scan goes to the page that asked last, and to no other', async () => {
  const [one, two] = [await page(), await page()];
  await take(one);
  scan('A-1');
  await take(two);
  scan('A-2');
  line.station.scans.scanned(1, { misread: true });
  expect([one.scans, two.scans]).toEqual([['A-1'], ['A-2', 'scan.unreadable']]);
});

test('what nobody took is not kept: the next page that asks hears how many these were, once', async () => {
  const one = await page();
  await take(one);
  one.close();
  scan('A-1');
  scan('A-2');
  const two = await page();
  expect(await take(two)).toMatchObject({ missed: 2, at: expect.any(String) as string });
  expect(await take(two)).toEqual({ missed: 0 });
  expect([one.scans, two.scans]).toEqual([[], []]);
});

test('a page where nobody is signed in gets badges and nothing else; after a sign-out it is the same', async () => {
  const nobody = await page(false);
  await take(nobody);
  for (const code of ['A-1', 'BM-P-7-3', ']C0BM-P-7-3', 'xBM-P-7']) scan(code);
  expect(nobody.scans).toEqual(['BM-P-7-3', ']C0BM-P-7-3']);
  const one = await page();
  await take(one);
  known = undefined;
  await one.client.call('operators.signOut', {}, { session: one.session });
  scan('A-2');
  scan('BM-P-7-3');
  expect(one.scans).toEqual(['BM-P-7-3']);
});

test('which scanners there are, and what they are set up for, is told', async () => {
  const one = await page();
  line.station.scans.is(1, undefined);
  line.station.scans.is(2, new StationError('scanner.gone', { scanner: 2 }));
  const view = await one.client.call('station.view', {}, { session: one.session });
  expect(view.scanners).toMatchObject([{ scanner: 1 }, { scanner: 2, error: { code: 'scanner.gone' } }]);
  expect(await one.client.call('station.describe', {})).toMatchObject({ scanning: { prefix: '~', checksum: 'mod10' } });
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
