import { afterEach, expect, test } from 'vitest';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { makers, plainCsr } from '../suites/issuing-csrs.ts';
import { foundOnce } from '../suites/issuing-founded.ts';
import type { IssuingStation } from '../suites/issuing-station.ts';
import { certificatesOf, inspectStruck } from '../suites/issuing-struck.ts';

// Several who want a certificate for one unit at the same moment: one of them gets it, and nobody else loses anything.

const found = foundOnce();
let line: IssuingStation | undefined;
afterEach(async () => {
  await line?.close();
  line = undefined;
});

async function opened(units: number) {
  const made = await found(units);
  line = made.station;
  const csrOf = (label: string, pair = makers.p256()) => ({
    name: label,
    csr: plainCsr(made.station.registrationOf(label), pair).toString('base64'),
  });
  return { ...made, csrOf };
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

test('a unit in a batch is not made on a lane at the same time', async () => {
  const { folder, station, order, labels, csrOf } = await opened(1);
  const [label = ''] = labels;
  const { ca } = station.station;
  const sign = ca.sign.bind(ca);
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  ca.sign = async (...given) => {
    asked.resolve();
    await held.promise;
    return sign(...given);
  };
  const batch = station.as('lead', 'ca.issue', { order, csrs: [csrOf(label)] });
  await asked.promise;
  await expect(station.scan(1, label)).rejects.toMatchObject({ code: 'unit.in-batch' });
  held.resolve();
  expect(await batch).toMatchObject([{ state: 'issued' }]);
  expect(leaves(folder)).toHaveLength(1);
  expect(await fsck(folder)).toEqual([]);
});
