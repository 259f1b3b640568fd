import { createHash, randomInt, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { killVerifier } from '../../../drivers/asn1/verifying.ts';
import type { Hsm } from '../../../drivers/hsm/hsm.ts';
import { hsms } from '../../../drivers/hsm/registry.ts';
import type { IssuedView } from '../../../station-core/contract/ca.ts';
import { recipeOf } from '../../../station-core/practice.ts';
import { makeCsr, makers, type Pair, plainCsr } from '../../suites/issuing-csrs.ts';
import { TestStation } from '../../suites/station.ts';

// Certificates for many CSRs of one order, on a whole station: each fares alone, though they share their commits.

let line: TestStation;
const honest = (signature: Buffer): Buffer => signature;
/** What happens to a signature on its way from the HSM. */
let detour = honest;

beforeAll(async () => {
  line = await TestStation.open({
    lanes: 1,
    hsm: async (folder) => detoured(await hsms.soft({ folder: join(folder, 'practice', 'hsm') })),
  });
});
afterEach(() => {
  detour = honest;
});
afterAll(() => line.close());

function detoured(hsm: Hsm): Hsm {
  const sign: Hsm['sign'] = async (key, digest) => detour(await hsm.sign(key, digest));
  return new Proxy(hsm, {
    get(target, name) {
      if (name === 'sign') return sign;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

type Units = readonly { readonly serial: string; readonly facts?: { readonly [name: string]: string } }[];
type Scope = 'x509-group' | 'x509-individual';

let orders = 0;

/** An armed order whose registration IDs are its serials; answers its name and the serials, which no other order has. */
async function ordered(units: Units, options: { scope?: Scope; quantity?: number } = {}) {
  const { scope = 'x509-group', quantity } = options;
  const prefix = `o${++orders}-`;
  const recipe = { ...(await recipeOf(line.station, scope)), registrationId: '{serial}' };
  const own = units.map((unit) => ({ ...unit, serial: `${prefix}${unit.serial}` }));
  const name = `order-${orders}`;
  await line.as('lead', 'orders.create', { name, recipe, units: own, ...(quantity === undefined ? {} : { quantity }) });
  await line.as('lead', 'orders.arm', { order: name });
  return { name, of: (serial: string) => `${prefix}${serial}` };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ serial: `${index + 1}` }));

const issue = (order: string, csrs: readonly Buffer[]): Promise<readonly IssuedView[]> =>
  line.as('lead', 'ca.issue', {
    order,
    csrs: csrs.map((csr, index) => ({ name: `${index}`, csr: csr.toString('base64') })),
  });

const codes = (fared: readonly IssuedView[]) => fared.map(({ state, error }) => error?.code ?? state);

type Row = { readonly state: string; readonly unitState: string; readonly der: Buffer | null };

/** The rows of a unit's certificates, the oldest first. */
const rowsOf = (registrationId: string): Row[] =>
  line.station.records.db
    .prepare<[string], Row>(
      `SELECT c.state, u.state AS unitState, c.der FROM certificate c JOIN unit u ON u.id = c.unit
         JOIN disclosure d ON d.id = u.registration WHERE d.value = ? ORDER BY c.id`,
    )
    .all(registrationId);

const actionsOf = (order: string) =>
  line
    .entries()
    .filter((entry) => entry.order === order && String(entry.action).startsWith('certificate.'))
    .map(({ action }) => action);

test('every CSR fares alone, and each certificate has an intent and an outcome of its own', async () => {
  const [own, other, shared] = [makers.p256(), makers.p256(), makers.p256()];
  const spki = (pair: Pair) => pair.publicKey.export({ type: 'spki', format: 'der' });
  const pinned = { spki_sha256: createHash('sha256').update(spki(own)).digest('hex') };
  const serials = ['good', 'signature', 'twice', 'shared-1', 'shared-2', 'rsa', 'last'];
  const { name, of } = await ordered([
    ...serials.map((serial) => ({ serial })),
    { serial: 'pinned', facts: pinned },
    { serial: 'other', facts: pinned },
  ]);
  const cn = (serial: string) => [{ type: 'CN', value: of(serial) }];
  const fared = await issue(name, [
    plainCsr(of('good')),
    makeCsr({ subject: cn('signature'), pair: own, signer: other.privateKey }),
    plainCsr('nobody'),
    plainCsr(of('good').toUpperCase(), own),
    Buffer.from('no request at all'),
    plainCsr(of('twice')),
    plainCsr(of('twice')),
    plainCsr(of('shared-1'), shared),
    plainCsr(of('shared-2'), shared),
    makeCsr({ subject: cn('rsa'), pair: makers.rsa2048() }),
    plainCsr(of('other')),
    plainCsr(of('pinned'), own),
    plainCsr(of('last')),
  ]);
  expect(codes(fared)).toEqual([
    'issued',
    'ca.csr-refused',
    'unit.unknown',
    'identity.taken',
    'input.invalid',
    'issued',
    'identity.taken',
    'issued',
    'ca.key-taken',
    'ca.csr-refused',
    'ca.csr-refused',
    'issued',
    'issued',
  ]);
  expect(fared.map(({ name: given }) => given)).toEqual(fared.map((_, index) => `${index}`));
  const leaves = fared.flatMap(({ certificate }) => certificate ?? []);
  const serialNumbers = leaves.map((leaf) => new X509Certificate(Buffer.from(leaf, 'base64')).serialNumber);
  expect(new Set(serialNumbers).size).toBe(5);
  expect(actionsOf(name)).toEqual([...Array(5).fill('certificate.intended'), ...Array(5).fill('certificate.issued')]);
});

test('what was issued is given again as it is, and another key of the same unit gets nothing', async () => {
  const { name, of } = await ordered(many(2));
  const csrs = [plainCsr(of('1')), plainCsr(of('2'))];
  const first = await issue(name, csrs);
  const again = await issue(name, [...csrs, plainCsr(of('1'))]);
  expect(codes(again)).toEqual(['again', 'again', 'identity.taken']);
  expect(again.slice(0, 2).map(({ certificate }) => certificate)).toEqual(first.map(({ certificate }) => certificate));
  expect(actionsOf(name)).toHaveLength(4);
});

test("an order's quantity holds over batches that are on their way at the same time", async () => {
  const { name, of } = await ordered(many(12), { quantity: 5 });
  const csrs = many(12).map(({ serial }) => plainCsr(of(serial)));
  const fared = (await Promise.all([0, 4, 8].map((at) => issue(name, csrs.slice(at, at + 4))))).flat();
  expect(codes(fared).sort()).toEqual([...Array(5).fill('issued'), ...Array(7).fill('order.full')]);
  const { finished } = line.station.records.units.order(name);
  expect(finished).toBe(5);
});

test("the issuer's quota ends a batch in its middle, and what was issued before stands", async () => {
  const { name, of } = await ordered(many(4));
  const { db } = line.station.records;
  db.exec('UPDATE issuer SET quota = issued + 2');
  const fared = await issue(
    name,
    many(4).map(({ serial }) => plainCsr(of(serial))),
  );
  db.exec('UPDATE issuer SET quota = NULL');
  expect(codes(fared)).toEqual(['issued', 'issued', 'ca.quota', 'ca.quota']);
  expect([of('2'), of('3')].map((id) => rowsOf(id).length)).toEqual([1, 0]);
});

test('an individual recipe queues one upload for each certificate, with it', async () => {
  const { name, of } = await ordered(many(3), { scope: 'x509-individual' });
  const fared = await issue(name, [plainCsr(of('1')), plainCsr('nobody'), plainCsr(of('3'))]);
  expect(codes(fared)).toEqual(['issued', 'unit.unknown', 'issued']);
  const queued = () =>
    line.station.records.db
      .prepare<[], { id: string; state: string }>(
        `SELECT d.value AS id, o.state FROM outbox o JOIN disclosure d ON d.id = o.registration
           WHERE o.credential IS NOT NULL ORDER BY o.id`,
      )
      .all();
  expect(queued().map(({ id }) => id)).toEqual([of('1'), of('3')]);
  await expect
    .poll(() => line.as('lead', 'sync.run', {}), { timeout: 20_000 })
    .toMatchObject({ queued: 0, leased: 0, parked: 0 });
  expect(queued().map(({ state }) => state)).toEqual(['done', 'done']);
});

test('a signature that does not check leaves the row possible, the unit unfinished and the next try another serial', async () => {
  const { name, of } = await ordered(many(3));
  const csrs = many(3).map(({ serial }) => plainCsr(of(serial)));
  let signed = 0;
  detour = (signature) => {
    signed += 1;
    if (signed !== 2) return signature;
    const forged = Buffer.from(signature);
    const at = randomInt(forged.length);
    forged[at] = (forged[at] ?? 0) ^ 1;
    return forged;
  };
  const fared = await issue(name, csrs);
  expect(codes(fared)).toEqual(['issued', 'ca.signature-wrong', 'issued']);
  expect(rowsOf(of('2'))).toEqual([{ state: 'possible', unitState: 'waiting', der: null }]);
  expect(actionsOf(name).filter((action) => action === 'certificate.possible')).toHaveLength(1);
  detour = honest;
  expect(codes(await issue(name, csrs))).toEqual(['again', 'issued', 'again']);
  expect(rowsOf(of('2')).map(({ state, unitState }) => [state, unitState])).toEqual([
    ['possible', 'finished'],
    ['issued', 'finished'],
  ]);
});

test('when the thread that checks CSRs dies, none of them passes, and a second try works', async () => {
  const { name, of } = await ordered(many(300));
  const csrs = many(300).map(({ serial }) => plainCsr(of(serial)));
  const going = issue(name, csrs);
  await turn();
  killVerifier();
  expect(new Set(codes(await going))).toEqual(new Set(['internal']));
  expect(actionsOf(name)).toEqual([]);
  expect(new Set(codes(await issue(name, csrs)))).toEqual(new Set(['issued']));
});

test('when it dies under a self-check, the certificate may exist and nobody gets it; a second try works', async () => {
  const { name, of } = await ordered(many(2));
  const csrs = many(2).map(({ serial }) => plainCsr(of(serial)));
  detour = (signature) => {
    killVerifier();
    return signature;
  };
  expect(codes(await issue(name, csrs))).toEqual(['internal', 'internal']);
  expect(rowsOf(of('1'))).toEqual([{ state: 'possible', unitState: 'waiting', der: null }]);
  expect(line.log.incidents.length).toBeGreaterThan(0);
  detour = honest;
  expect(codes(await issue(name, csrs))).toEqual(['issued', 'issued']);
});

test('a bug under the signer leaves rows that say so, and takes nothing of the order', async () => {
  const { name, of } = await ordered(many(2), { quantity: 2 });
  const csrs = many(2).map(({ serial }) => plainCsr(of(serial)));
  detour = () => {
    throw new TypeError('a bug in a driver');
  };
  expect(codes(await issue(name, csrs))).toEqual(['internal', 'internal']);
  expect(rowsOf(of('2'))).toMatchObject([{ state: 'possible', unitState: 'waiting' }]);
  detour = honest;
  expect(codes(await issue(name, csrs))).toEqual(['issued', 'issued']);
});
