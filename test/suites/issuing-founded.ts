import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type IssuingOptions, IssuingStation, type Ordered, tapOf } from './issuing-station.ts';
import { noted } from './issuing-tap.ts';
import { temporaryFolder } from './temporary.ts';

export type Opened = {
  readonly folder: string;
  readonly station: IssuingStation;
  readonly order: string;
  readonly labels: Ordered['labels'];
  /** How many signatures were noted before the order was there. */
  readonly since: number;
};

/**
 * For a test file whose tests each need a station of their own: people and the intermediate CA are made once, which takes
 * longer than all that is done with them. Answers how a test opens a copy, with an order of so many units.
 */
export function foundOnce(): (units: number, options?: IssuingOptions) => Promise<Opened> {
  let founded = '';
  beforeAll(async () => {
    founded = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
    const station = await IssuingStation.open(founded);
    await station.order(1);
    await station.close();
  });
  afterAll(() => rmSync(founded, { recursive: true, force: true }));
  return async (units, options) => {
    const folder = temporaryFolder();
    cpSync(founded, folder, { recursive: true });
    const station = await IssuingStation.open(folder, options);
    const { name: order, labels } = await station.order(units);
    return { folder, station, order, labels, since: noted(tapOf(folder)).length };
  };
}
