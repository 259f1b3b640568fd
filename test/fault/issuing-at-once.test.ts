import { afterEach, expect, test } from 'vitest';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { makers, plainCsr } from '../suites/issuing-csrs.ts';
import { IssuingStation, tapOf } from '../suites/issuing-station.ts';
import { certificatesOf, inspectStruck } from '../suites/issuing-struck.ts';
import { noted } from '../suites/issuing-tap.ts';
import { temporaryFolder } from '../suites/temporary.ts';

// Several who want a certificate for one unit at the same moment: one of them gets it, and nobody else loses anything.

let line: IssuingStation | undefined;
afterEach(async () => {
  await line?.close();
  line = undefined;
});

async function opened(units: number) {
  const folder = temporaryFolder();
  line = await IssuingStation.open(folder);
  const { name: order, labels } = await line.order(units);
  const station = line;
  const csrOf = (label: string, pair = makers.p256()) => ({
    name: label,
    csr: plainCsr(station.registrationOf(label), pair).toString('base64'),
  });
  return { folder, station, order, labels, csrOf, since: noted(tapOf(folder)).length };
}

const leaves = (folder: string) => certificatesOf(folder).filter(({ unit }) => unit !== null);

test.each(['the same key', 'another key'])(
  'two batches at once with one unit in both, under %s: one certificate each',
  async (which) => {
    const { folder, station, order, labels, csrOf, since } = await opened(3);
    const [one = '', both = '', two = ''] = labels;
    const pair = makers.p256();
    const batches = [
      [csrOf(one), csrOf(both, pair)],
      [csrOf(both, which === 'the same key' ? pair : makers.p256()), csrOf(two)],
    ];
    const fared = await Promise.all(batches.map((csrs) => station.as('lead', 'ca.issue', { order, csrs })));
    expect(fared.map((views) => views.map(({ state, error }) => error?.code ?? state))).toEqual([
      ['issued', 'issued'],
      ['identity.taken', 'issued'],
    ]);
    expect(leaves(folder).map(({ state }) => state)).toEqual(['issued', 'issued', 'issued']);
    expect(station.log.incidents).toEqual([]);
    await inspectStruck(folder, since, { which });
    expect(await fsck(folder)).toEqual([]);
  },
);

test('a unit that sits on a lane gets its certificate there, and not by a batch at the same time', async () => {
  const { folder, station, order, labels, csrOf, since } = await opened(1);
  const [label = ''] = labels;
  const { run } = await station.as('technician', 'run.start', { lane: 1, serial: label });
  const [fared] = await station.as('lead', 'ca.issue', { order, csrs: [csrOf(label)] });
  await station.station.lanes.ended(1);
  expect(fared?.error?.code).toBeOneOf(['unit.busy', 'identity.taken']);
  expect((await station.as('technician', 'run.show', { run })).outcome).toBe('passed');
  expect(leaves(folder)).toHaveLength(1);
  await inspectStruck(folder, since, {});
});

test('a unit whose certificate a batch made is finished for the line', async () => {
  const { folder, station, order, labels, csrOf } = await opened(1);
  const [label = ''] = labels;
  await station.as('lead', 'ca.issue', { order, csrs: [csrOf(label)] });
  await expect(station.scan(1, label)).rejects.toMatchObject({ code: 'unit.finished' });
  expect(leaves(folder)).toHaveLength(1);
});
