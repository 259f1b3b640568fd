import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { UnitProtocol } from '../../../../drivers/protocols/protocol.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { makeOrder, recipeOf } from '../../../../station-core/practice.ts';
import { registerCertifiedDevice, registerDevice, serviceClient } from '../../../suites/azure-sdk.ts';
import { heldCertificate, heldFiles, heldKey } from '../../../suites/held-key.ts';
import { hurriedConsole } from '../../../suites/linux-console-bench.ts';
import { type LinuxUnit, type ShellName, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { TestStation } from '../../../suites/station.ts';

// What a unit that runs IoT Edge finds on its disk after a run, and whether the device SDK registers with exactly that.

const iotEdge = { capabilities: { iotEdge: true } } as const;
const common = {
  schema: 1,
  version: 1,
  delivery: 'clear',
  lock: false,
  target: 'dps',
  registrationId: '{serial}',
} as const;

type Config = {
  readonly provisioning: {
    readonly id_scope: string;
    readonly global_endpoint: string;
    readonly attestation: {
      readonly method: string;
      readonly registration_id: string;
      readonly symmetric_key?: { readonly value?: string; readonly uri?: string };
      readonly identity_cert?: string;
      readonly identity_pk?: string;
    };
  };
};
const readConfig = (text: string) => parseToml(text) as unknown as Config;

/** Which of these keys stand in clear in anything that the station wrote: database, write-ahead log, logs. */
function stationHolds(folder: string, keys: readonly string[]): string[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[/\\](practice|dps)[/\\]/.test(path.slice(folder.length)));
  expect(paths.length).toBeGreaterThan(0);
  const forms = keys.flatMap((key) => [
    Buffer.from(key),
    Buffer.from(key, 'base64'),
    Buffer.from(key, 'base64').toString('hex'),
  ]);
  return paths.filter((path) => forms.some((form) => readFileSync(path).includes(form)));
}

async function enrolled(line: TestStation, registrationId: string) {
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const { responseBody } = await serviceClient(line.emulator).getIndividualEnrollment(registrationId);
  return responseBody;
}

describe('a unit with an agent', () => {
  let line: TestStation;
  beforeAll(async () => {
    line = await TestStation.open();
  });
  afterAll(async () => {
    expect(line.log.incidents).toEqual([]);
    await line.close();
  });

  async function made(recipe: Recipe) {
    const { labels } = await makeOrder(line.station, recipe, 1);
    const label = labels[0] ?? '';
    const run = await line.scan(1, label);
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    return { label, run, files: heldFiles(join(line.folder, 'practice'), label) };
  }

  test('has its chain where the configuration says, and registers with what that names', async () => {
    const recipe = await recipeOf(line.station, 'edge');
    const { label, run, files } = await made(recipe);
    expect(run.facts).toMatchObject({ edgeFormat: 'toml', edgeFiles: 2 });
    const { key, chain } = heldCertificate(join(line.folder, 'practice'), label);
    expect(files['/var/secrets/device-id.pem']).toEqual({ mode: 0o644, content: chain });
    const config = files['/etc/aziot/config.toml'];
    expect(config?.mode).toBe(0o600);
    const { provisioning } = readConfig(config?.content ?? '');
    expect(provisioning).toMatchObject({
      id_scope: line.emulator.idScope,
      global_endpoint: `https://${line.emulator.deviceHost}`,
      attestation: {
        method: 'x509',
        registration_id: run.registrationId,
        identity_cert: 'file:///var/secrets/device-id.pem',
        identity_pk: 'file:///var/secrets/device-id.key.pem',
      },
    });
    expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
    const idScope = provisioning.id_scope;
    const device = { registrationId: run.registrationId, idScope, cert: chain, key };
    expect(await registerCertifiedDevice(line.emulator, device)).toMatchObject({ status: 'assigned' });
  });

  test('keeps its symmetric key itself: the file says where, and holds none', async () => {
    const uri = 'pkcs11:token=edge;object=device-key';
    const recipe: Recipe = {
      ...common,
      name: 'edge-symmetric',
      protocol: 'uart-v1',
      attestation: { type: 'symmetricKey', scope: 'individual', enrollment: iotEdge },
      edge: { format: 'toml', symmetricKey: { uri }, autoReprovisioning: 'OnErrorOnly' },
      delivery: 'channel',
      lock: true,
    };
    const { label, run, files } = await made(recipe);
    const text = files['/etc/aziot/config.toml']?.content ?? '';
    expect(readConfig(text).provisioning.attestation.symmetric_key).toEqual({ uri });
    expect(text).not.toContain(heldKey(join(line.folder, 'practice'), label));
    expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
  });

  test('with a TPM is told the registration ID that its endorsement key gave it', async () => {
    const recipe = await recipeOf(line.station, 'tpm');
    const { run, files } = await made({
      ...recipe,
      name: 'edge-tpm',
      attestation: { type: 'tpm', scope: 'individual', enrollment: iotEdge },
      edge: { format: 'yaml', dynamicReprovisioning: true },
    } as Recipe);
    expect(parseYaml(files['/etc/iotedge/config.yaml']?.content ?? '')).toMatchObject({
      provisioning: {
        attestation: { method: 'tpm', registration_id: run.registrationId },
        dynamic_reprovisioning: true,
      },
    });
    expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
  });

  test('of a group is an IoT Edge device by its group', async () => {
    const recipe = await recipeOf(line.station, 'x509-group');
    if (recipe.attestation.type !== 'x509' || recipe.attestation.scope !== 'group') throw new Error('no X.509 group');
    const { edge } = await recipeOf(line.station, 'edge');
    const attestation = { ...recipe.attestation, group: 'edge-gateways' } as Recipe['attestation'];
    await made({ ...recipe, name: 'edge-group', attestation, ...(edge && { edge }) });
    await line.as('lead', 'sync.run', {});
    const { responseBody } = await serviceClient(line.emulator).getEnrollmentGroup('edge-gateways');
    expect(responseBody).toMatchObject(iotEdge);
  });
});

describe.each(['bash', 'dash', 'busybox'] as const)('a Linux unit without an agent, with %s', (shell: ShellName) => {
  let unit: LinuxUnit;
  let line: TestStation;
  const keys: string[] = [];
  beforeAll(async () => {
    unit = await startLinuxUnit({ shell });
    line = await TestStation.open({
      lanes: 1,
      openLane: () => async () => unit.plug(),
      parts: { protocols: { 'linux-console': hurriedConsole } },
    });
  });
  afterAll(async () => {
    expect(line.log.incidents).toEqual([]);
    expect(await fsck(line.folder)).toEqual([]);
    expect(stationHolds(line.folder, keys)).toEqual([]);
    await line.close();
    await unit.end();
  });

  const recipe = (name: string, edge: NonNullable<Recipe['edge']>): Recipe => ({
    ...common,
    name,
    protocol: 'linux-console',
    attestation: { type: 'symmetricKey', scope: 'individual', enrollment: iotEdge },
    edge,
    console: { login: 'root', serialFile: join(unit.folder, 'serial'), files: [] },
  });

  test('gets its key in the file of IoT Edge, proves it there, and registers with it', async () => {
    const path = join(unit.folder, 'config.toml');
    const inline = recipe('console-inline', { format: 'toml', path, symmetricKey: 'inline' });
    await line.as('lead', 'orders.create', { name: 'inline', recipe: inline, units: [{ serial: 'SN-LINUX-1' }] });
    const run = await line.scan(1, 'SN-LINUX-1');
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    expect(run.facts).toMatchObject({ storage: 'file', proven: true });
    expect(run.steps.map(({ name }) => name).slice(-3)).toEqual(['prepare', 'release', 'prove']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { provisioning } = readConfig(readFileSync(path, 'latin1'));
    const key = provisioning.attestation.symmetric_key?.value ?? '';
    keys.push(key);
    expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
    const { id_scope: idScope } = provisioning;
    const device = { registrationId: run.registrationId, key, idScope };
    expect(await registerDevice(line.emulator, device)).toMatchObject({ status: 'assigned' });
    const entry = line.entries().find(({ action }) => action === 'credential.released');
    expect(entry).toMatchObject({ details: { kind: 'symmetric-key', delivery: 'clear', file: path } });
    expect(JSON.stringify([line.entries(), run])).not.toContain(key);
  });
});

test.each(['bash', 'busybox'] as const)(
  'a Linux unit with %s makes its key itself, and registers with the chain that IoT Edge will find',
  async (shell) => {
    const unit = await startLinuxUnit({ shell });
    const line = await TestStation.open({
      lanes: 1,
      openLane: () => async () => unit.plug(),
      parts: { protocols: { 'linux-console': hurriedConsole } },
    });
    try {
      const at = (name: string) => join(unit.folder, name);
      const [certificate, privateKey] = [`file://${at('id.pem')}`, `file://${at('id.key.pem')}`];
      const { attestation } = await recipeOf(line.station, 'edge');
      const recipe: Recipe = {
        ...common,
        name: 'console-x509',
        protocol: 'linux-console',
        attestation,
        edge: { format: 'toml', path: at('config.toml'), x509: { certificate, privateKey } },
        console: { login: 'root', serialFile: at('serial'), files: [] },
      };
      await line.as('lead', 'orders.create', { name: 'x509', recipe, units: [{ serial: 'SN-LINUX-1' }] });
      const run = await line.scan(1, 'SN-LINUX-1');
      expect([run.outcome, run.error]).toEqual(['passed', undefined]);
      expect(run.facts).toMatchObject({ storage: 'file', proven: true, source: 'unit', edgeFiles: 2 });
      const { provisioning } = readConfig(readFileSync(at('config.toml'), 'latin1'));
      expect(provisioning.attestation).toMatchObject({ identity_cert: certificate, identity_pk: privateKey });
      const [cert, key] = [readFileSync(at('id.pem'), 'latin1'), readFileSync(at('id.key.pem'), 'latin1')];
      expect(cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
      expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
      const device = { registrationId: run.registrationId, idScope: provisioning.id_scope, cert, key };
      expect(await registerCertifiedDevice(line.emulator, device)).toMatchObject({ status: 'assigned' });
    } finally {
      await line.close();
      await unit.end();
    }
  },
);

test('a cable that is pulled while the key is written leaves the unit in quarantine, and the next run brings the same key', async () => {
  const unit = await startLinuxUnit({ shell: 'bash' });
  let cut: number | undefined = 400;
  const line = await TestStation.open({
    lanes: 1,
    openLane: () => async () => unit.plug(),
    parts: { protocols: { 'linux-console': cutting(() => cut !== undefined && unit.cutAfter(cut)) } },
  });
  try {
    const path = join(unit.folder, 'config.toml');
    const recipe: Recipe = {
      ...common,
      name: 'console-cut',
      protocol: 'linux-console',
      attestation: { type: 'symmetricKey', scope: 'individual', enrollment: iotEdge },
      edge: { format: 'toml', path, symmetricKey: 'inline' },
      console: { login: 'root', serialFile: join(unit.folder, 'serial'), files: [] },
    };
    await line.as('lead', 'orders.create', { name: 'cut', recipe, units: [{ serial: 'SN-LINUX-1' }] });
    const broken = await line.scan(1, 'SN-LINUX-1');
    expect(broken).toMatchObject({ outcome: 'indeterminate', error: { code: 'link.lost' } });
    cut = undefined;
    const run = await line.scan(1, 'SN-LINUX-1');
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    expect(run.facts).toMatchObject({ again: true, operation: broken.facts.operation });
    expect(readdirSync(unit.folder).filter((name) => name.startsWith('.birthmark'))).toEqual([]);
    const { provisioning } = readConfig(readFileSync(path, 'latin1'));
    const key = provisioning.attestation.symmetric_key?.value ?? '';
    await enrolled(line, run.registrationId);
    const device = { registrationId: run.registrationId, key, idScope: provisioning.id_scope };
    expect(await registerDevice(line.emulator, device)).toMatchObject({ status: 'assigned' });
  } finally {
    await line.close();
    await unit.end();
  }
});

/** The console's protocol, with something that happens when a file begins to be written. */
function cutting(begins: () => unknown): UnitProtocol {
  return {
    name: 'linux-console',
    open: async (link, signal, access) => {
      const session = await hurriedConsole.open(link, signal, access);
      const write = session.writeFile.bind(session);
      session.writeFile = (file, until) => {
        begins();
        return write(file, until);
      };
      return session;
    },
  };
}

test('a console’s key may lie in a file of its own, which the configuration names', async () => {
  const unit = await startLinuxUnit({ shell: 'bash' });
  const line = await TestStation.open({
    lanes: 1,
    openLane: () => async () => unit.plug(),
    parts: { protocols: { 'linux-console': hurriedConsole } },
  });
  try {
    const keyPath = join(unit.folder, 'device.key');
    const path = join(unit.folder, 'config.toml');
    const recipe: Recipe = {
      ...common,
      name: 'console-key-file',
      protocol: 'linux-console',
      attestation: { type: 'symmetricKey', scope: 'individual', enrollment: iotEdge },
      edge: { format: 'toml', path, symmetricKey: { uri: `file://${keyPath}` } },
      console: {
        login: 'root',
        serialFile: join(unit.folder, 'serial'),
        files: [{ path: join(unit.folder, 'provisioning.json'), mode: '0644', content: 'provisioning' }],
      },
    };
    await line.as('lead', 'orders.create', { name: 'file', recipe, units: [{ serial: 'SN-LINUX-1' }] });
    const run = await line.scan(1, 'SN-LINUX-1');
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    const { provisioning } = readConfig(readFileSync(path, 'latin1'));
    expect(provisioning.attestation.symmetric_key).toEqual({ uri: `file://${keyPath}` });
    expect(await enrolled(line, run.registrationId)).toMatchObject(iotEdge);
    const key = readFileSync(keyPath).toString('base64');
    const device = { registrationId: run.registrationId, key, idScope: provisioning.id_scope };
    expect(await registerDevice(line.emulator, device)).toMatchObject({ status: 'assigned' });
  } finally {
    await line.close();
    await unit.end();
  }
});
