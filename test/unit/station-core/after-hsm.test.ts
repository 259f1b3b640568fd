import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCertificate } from '../../../drivers/asn1/certificate.ts';
import { readPems, writePem } from '../../../drivers/asn1/pem.ts';
import { Pkcs11Hsm } from '../../../drivers/hsm/pkcs11.ts';
import { pinOf } from '../../../station-core/ca/given.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { makeOrder, recipeOf } from '../../../station-core/practice.ts';
import { registerCertifiedDevice, registerDevice } from '../../suites/azure-sdk.ts';
import { birthmark } from '../../suites/birthmark.ts';
import { recheckAll } from '../../suites/certificates.ts';
import { Exported } from '../../suites/exported.ts';
import { heldCertificate, heldKey } from '../../suites/held-key.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../suites/softhsm.ts';
import { clientOf, type TestStation } from '../../suites/station.ts';
import { makeSwtpm, type Swtpm } from '../../suites/swtpm.ts';
import { temporaryFolder } from '../../suites/temporary.ts';
import { TpmLine, tpmRecipe } from '../../suites/tpm-line.ts';

// Units through every path of the line on real parts: all keys of the station in SoftHSM, TPMs by swtpm; the trail is read as an
// auditor reads it, from an export that birthmark-verify accepted, and openssl has its own opinion of certificates and CRL.

/** Of each kind one unit goes each way; the label of the second one sticks on another unit. */
const paths = ['shipped', 'failed', 'reworked', 'scrapped'] as const;
type Path = (typeof paths)[number];
const kinds = ['x509-individual', 'x509-group', 'symmetric-group', 'tpm'] as const;
type Kind = (typeof kinds)[number];
type Serials = Readonly<Record<Path, string>>;

/** Whole programs start here, and TPMs are made. */
const patience = 300_000;

let token: SoftHsmToken;
let tpms: readonly Swtpm[];
let tpmLine: TpmLine;
let line: TestStation;
const made = new Map<Kind, Serials>();

beforeAll(async () => {
  [token, ...tpms] = await Promise.all([makeSoftHsm(), ...[1, 2, 3].map(() => makeSwtpm({ certificates: true }))]);
  const { module, tokenLabel, environment } = token;
  const hsm = () => Pkcs11Hsm.open({ module, tokenLabel, environment, pin: token.pin() });
  tpmLine = await TpmLine.open(tpms.flatMap(rootsOf), { lanes: 1, hsm });
  ({ line } = tpmLine);
  line.emulator.switches.retryAfterSeconds = 0;
  for (const kind of kinds) made.set(kind, await orderOf(kind));
  for (const kind of kinds) for (const path of paths) await along[path](serialOf(kind, path));
  await line.as('lead', 'sync.run', {});
}, patience);
afterAll(async () => {
  await line.close();
  await Promise.all([token.dispose(), ...tpms.map((tpm) => tpm.stop())]);
});

/** The certificates of the maker of a TPM, DER. */
const rootsOf = ({ issuerFiles }: Swtpm): Buffer[] =>
  issuerFiles.flatMap((file) => readPems(readFileSync(file, 'latin1'), file).map(({ der }) => der));

const serialOf = (kind: Kind, path: Path): string => made.get(kind)?.[path] ?? '';

async function orderOf(kind: Kind): Promise<Serials> {
  const isMixedUp = (index: number) => paths[index] === 'failed';
  if (kind !== 'tpm') {
    const { labels } = await makeOrder(line.station, await recipeOf(line.station, kind), paths.length, isMixedUp);
    return serialsOf(labels);
  }
  const roots = tpms.flatMap((tpm) => rootsOf(tpm).slice(0, 1)).map((der) => pinOf(readCertificate(der, 'a root')));
  const serials = { shipped: 'TPM-1', failed: 'TPM-2-X', reworked: 'TPM-3', scrapped: 'TPM-4' };
  await tpmLine.order(tpmRecipe({ pin: '' }, { roots }), Object.values(serials));
  for (const [at, path] of (['shipped', 'reworked', 'scrapped', 'failed'] as const).entries()) {
    // The unit that fails does so before anybody asks for its TPM.
    tpmLine.give(serials[path], { port: tpms[at % tpms.length]?.port ?? 0 });
  }
  return serials;
}

function serialsOf([shipped = '', failed = '', reworked = '', scrapped = '']: readonly string[]): Serials {
  return { shipped, failed, reworked, scrapped };
}

async function pass(serial: string): Promise<void> {
  expect(await line.scan(1, serial)).toMatchObject({ outcome: 'passed' });
}

const ship = (serial: string) => line.as('technician', 'unit.ship', { serial, scanned: serial });

const along: Readonly<Record<Path, (serial: string) => Promise<unknown>>> = {
  shipped: async (serial) => {
    await pass(serial);
    await ship(serial);
  },
  failed: async (serial) => {
    expect(await line.scan(1, serial)).toMatchObject({ outcome: 'failed' });
    await expect(ship(serial)).rejects.toMatchObject({ code: 'input.invalid' });
  },
  reworked: async (serial) => {
    await pass(serial);
    await line.as('lead', 'unit.rework', { serial });
    await pass(serial);
    await ship(serial);
  },
  scrapped: async (serial) => {
    await pass(serial);
    await line.as('lead', 'sync.run', {});
    await line.agreed('lead', 'unit.scrap', { serial, reason: 'cessationOfOperation' });
  },
};

type Entry = {
  readonly action: string;
  readonly approver?: string;
  readonly key?: { readonly hsm: string };
  readonly unit?: { readonly serial: string };
  readonly details?: { readonly outcome?: string; readonly action?: string };
};
type Clear = { readonly commitment: string; readonly value: string };

/** An export with names, which birthmark-verify accepted under the log's own key. */
async function audited(): Promise<Exported> {
  const { folder } = await line.agreed('security-officer', 'audit.exportNamed', { format: 'jsonl' });
  const exported = new Exported(join(line.folder, 'exports', folder));
  const key = join(temporaryFolder(), 'log.key');
  const made = await birthmark(['audit', 'key', '--station', line.folder]);
  writeFileSync(key, made.out);
  const verified = await birthmark(['--key', key, exported.folder], 'birthmark-verify');
  expect({ made: made.code, ...verified }).toMatchObject({ made: 0, code: 0, err: '' });
  return exported;
}

/** The entries of each unit, by its serial. */
function byUnit(exported: Exported): ReadonlyMap<string, readonly Entry[]> {
  const clear = new Map(exported.lines<Clear>('disclosures.jsonl').map((one) => [one.commitment, one.value]));
  const entries = exported.lines<Entry>('entries.jsonl').filter(({ unit }) => unit !== undefined);
  return Map.groupBy(entries, ({ unit }) => clear.get(unit?.serial ?? '') ?? 'nobody');
}

const certified = ['certificate.intended', 'certificate.issued', 'credential.released'];
/** What a unit's first run does for good, and one that makes it again. */
const acts: Readonly<Record<Kind, { readonly first: readonly string[]; readonly again: readonly string[] }>> = {
  'x509-individual': { first: certified, again: ['credential.released'] },
  'x509-group': { first: certified, again: ['credential.released'] },
  'symmetric-group': { first: ['credential.released'], again: ['credential.released'] },
  tpm: { first: ['endorsement.claimed'], again: [] },
};

function story(kind: Kind, path: Path): string[] {
  const run = (done: readonly string[]) => ['run.opened', ...done, 'run.closed passed'];
  const { first, again } = acts[kind];
  switch (path) {
    case 'shipped':
      return [...run(first), 'unit.shipped'];
    case 'failed':
      return ['run.opened', 'run.closed failed'];
    case 'reworked':
      return [...run(first), 'unit.reworked', ...run(again), 'unit.shipped'];
    case 'scrapped':
      return [...run(first), ...(kind.startsWith('x509') ? ['certificate.revoked'] : []), 'unit.scrapped'];
  }
}

const table = kinds.flatMap((kind) => paths.map((path) => [kind, path] as const));

test('an auditor reads the whole story of every unit, and who agreed to scrap it', { timeout: patience }, async () => {
  const units = byUnit(await audited());
  expect([...units.keys()].sort()).toEqual(table.map(([kind, path]) => serialOf(kind, path)).sort());
  for (const [kind, path] of table) {
    // What the cloud answers comes when it comes.
    const entries = units.get(serialOf(kind, path))?.filter(({ action }) => action !== 'upload.received') ?? [];
    const said = entries.map(({ action, details }) => [action, details?.outcome].filter(Boolean).join(' '));
    expect({ kind, path, said }).toEqual({ kind, path, said: story(kind, path) });
    const scrapped = entries.filter(({ action }) => action === 'unit.scrapped');
    expect(scrapped.every(({ approver }) => approver !== undefined)).toBe(true);
  }
});

test('every key that the trail names is in the token, as SoftHSM numbers it', async () => {
  const env = { ...process.env, ...token.environment };
  const slots = execFileSync('softhsm2-util', ['--show-slots'], { encoding: 'utf8', env });
  const keys = line.entries().flatMap(({ key }) => (key === undefined ? [] : [key as { hsm: string }]));
  expect(keys.length).toBeGreaterThan(0);
  for (const hsm of new Set(keys.map((key) => key.hsm))) expect(slots).toMatch(new RegExp(`Serial number: +${hsm}`));
});

const registrationOf = (serial: string): string =>
  line.station.records.units.bySerial(serial)[0]?.registrationId ?? 'nobody';

test('the cloud takes what was shipped and shuts out what was scrapped', async () => {
  const client = clientOf(line.emulator);
  const signal = AbortSignal.timeout(60_000);
  const status = async (kind: Kind, path: Path) =>
    (await client.getEnrollment(registrationOf(serialOf(kind, path)), signal))?.provisioningStatus ?? 'none';
  for (const kind of kinds) {
    const single = kind === 'tpm' || kind === 'x509-individual';
    const found = {
      shipped: await status(kind, 'shipped'),
      reworked: await status(kind, 'reworked'),
      scrapped: await status(kind, 'scrapped'),
    };
    const own = single ? 'enabled' : 'none';
    expect({ kind, ...found }).toEqual({ kind, shipped: own, reworked: own, scrapped: 'disabled' });
  }
  client.close();
});

test.each(['x509-individual', 'x509-group', 'symmetric-group'] as const)(
  'units of %s register with what they hold, unless they were scrapped',
  async (kind) => {
    const { idScope } = line.emulator;
    const practice = join(line.folder, 'practice');
    const register = (serial: string) => {
      const registrationId = registrationOf(serial);
      if (kind === 'symmetric-group')
        return registerDevice(line.emulator, { registrationId, idScope, key: heldKey(practice, serial) ?? '' });
      const { chain: cert, key } = heldCertificate(practice, serial);
      return registerCertifiedDevice(line.emulator, { registrationId, idScope, cert, key });
    };
    for (const path of ['shipped', 'reworked'] as const) {
      expect(await register(serialOf(kind, path))).toMatchObject({ status: 'assigned' });
    }
    await expect(register(serialOf(kind, 'scrapped'))).rejects.toThrow();
  },
);

test('openssl accepts every certificate, and by the CRL refuses those of the units that were scrapped', {
  timeout: patience,
}, async () => {
  const folder = temporaryFolder();
  const { crl } = await line.as('lead', 'ca.crl', { name: 'practice-ca' });
  writeFileSync(join(folder, 'crl'), crl);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const verified = (serial: string) => {
    const [leaf, ...above] = readPems(heldCertificate(join(line.folder, 'practice'), serial).chain, 'chain');
    writeFileSync(join(folder, 'leaf'), leaf ? writePem('CERTIFICATE', leaf.der) : '');
    writeFileSync(join(folder, 'ca'), above.map(({ der }) => writePem('CERTIFICATE', der)).join(''));
    return openssl('verify', '-x509_strict', '-crl_check', '-CAfile', 'ca', '-CRLfile', 'crl', 'leaf');
  };
  for (const kind of ['x509-individual', 'x509-group'] as const) {
    for (const path of ['shipped', 'reworked'] as const) expect(verified(serialOf(kind, path))).toContain('leaf: OK');
    expect(() => verified(serialOf(kind, 'scrapped'))).toThrow(/certificate revoked/);
  }
  const listed = openssl('crl', '-in', 'crl', '-CAfile', 'ca', '-noout', '-text');
  expect(listed.match(/Serial Number:/g)).toHaveLength(2);
  expect(recheckAll(line.station.records.db)).toBeGreaterThanOrEqual(6);
});

test('no credential is left open, nothing waits for a person, and fsck is content', { timeout: patience }, async () => {
  expect((await line.as('auditor', 'unit.open', {})).rows).toEqual([]);
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });
  await line.stop();
  expect(await fsck(line.folder)).toEqual([]);
  await line.start();
});
