import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCertificate } from '../../../../drivers/asn1/certificate.ts';
import { hsms } from '../../../../drivers/hsm/registry.ts';
import { commands } from '../../../../drivers/tpm/constants.ts';
import { pinOf } from '../../../../station-core/ca/given.ts';
import type { Recipe } from '../../../../station-core/contract/recipe.ts';
import { actor } from '../../../../station-core/practice.ts';
import { account, hurriedConsole } from '../../../suites/linux-console-bench.ts';
import { type LinuxUnit, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { lyingTpm } from '../../../suites/lying-tpm.ts';
import { saysReal, TestStation } from '../../../suites/station.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../suites/swtpm.ts';
import { TpmLine, tpmRecipe } from '../../../suites/tpm-line.ts';

// Units with real TPMs (swtpm): through the unit protocol and over the console of a Linux unit; and TPMs that lie.

let swtpm: Swtpm;
let thief: Swtpm;
let pin: string;
const rootsOf = (of: Swtpm) => of.issuerFiles.map((file) => readCertificate(readFileSync(file), file));
beforeAll(async () => {
  [swtpm, thief] = await Promise.all([makeSwtpm({ certificates: true }), makeSwtpm({ certificates: true })]);
  const [root] = rootsOf(swtpm);
  if (!root) throw new Error('swtpm has no root');
  pin = pinOf(root);
});
afterAll(async () => {
  await Promise.all([swtpm.stop(), thief.stop()]);
});

test('a unit that shows another TPM’s key with its certificate cannot open the challenge', async () => {
  // Key and certificate are the victim's, which are public; everything else the thief's own TPM does.
  const stolen: readonly number[] = [commands.ReadPublic, commands.NV_ReadPublic, commands.NV_Read];
  const lying = await lyingTpm((asked, command, ask) => {
    const isRoot = asked === commands.ReadPublic && command.readUInt32BE(10) === 0x8100_0001;
    return ask(stolen.includes(asked) && !isRoot ? swtpm.port : thief.port, command);
  });
  const line = await TpmLine.open([], { parts: { vendorRoots: rootsOf(swtpm) } });
  try {
    const run = await line.make(tpmRecipe({ pin }), 'THIEF-1', { port: lying.port });
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'tpm.not-activated' } });
    expect(line.line.station.records.endorsements.lists()).toEqual([]);
    // Its owner is not kept out by it.
    const owner = await line.make(tpmRecipe({ pin }), 'OWNER-1', { port: swtpm.port }, 2);
    expect(owner).toMatchObject({ outcome: 'passed', facts: { ekCertificate: 'good', possession: true } });
  } finally {
    await line.line.close();
    await lying.close();
  }
});

test('a TPM that gives its keys other names than follow from them is refused as that', async () => {
  const lying = await lyingTpm(async (asked, command, ask) => {
    const answer = await ask(swtpm.port, command);
    // The name is the last parameter, and an empty acknowledgement of 5 bytes follows: the activation key's, since the
    // endorsement key is persistent.
    if (asked === commands.CreatePrimary && answer.readUInt32BE(6) === 0) {
      const at = answer.length - 6;
      answer[at] = (answer[at] ?? 0) ^ 1;
    }
    return answer;
  });
  const line = await TpmLine.open([], { parts: { vendorRoots: rootsOf(swtpm) } });
  try {
    const run = await line.make(tpmRecipe({ pin }), 'NAME-1', { port: lying.port });
    expect(run).toMatchObject({
      outcome: 'failed',
      error: { code: 'tpm.name-differs', details: { what: 'activation key' } },
    });
  } finally {
    await line.line.close();
    await lying.close();
    await tools(swtpm)('tpm2_flushcontext', '-t');
  }
});

const consoleRecipe = (password?: string): Recipe =>
  tpmRecipe(
    { pin },
    {},
    {
      name: 'linux-gateway',
      protocol: 'linux-console',
      attestation: { type: 'tpm', scope: 'individual', enrollment: { capabilities: { iotEdge: true } } },
      edge: { format: 'toml', path: `${unit.folder}/config.toml`, mode: '0640' },
      console: {
        login: account.login,
        ...(password === undefined ? {} : { password }),
        serialFile: `${unit.folder}/serial`,
        files: [{ path: `${unit.folder}/provisioning.json`, mode: '0600', content: 'provisioning' }],
      },
    },
  );

let unit: LinuxUnit;
const linuxLine = (parts: object = {}, hsm?: Parameters<typeof TestStation.open>[0]) =>
  TestStation.open({
    lanes: 1,
    openLane: () => async () => unit.plug(),
    parts: { vendorRoots: rootsOf(swtpm), protocols: { 'linux-console': hurriedConsole }, ...parts },
    ...hsm,
  });

test('a Linux unit without an agent is enrolled over its console, and its files are written', async () => {
  unit = await startLinuxUnit({ shell: 'bash', account, tcti: swtpm.tcti });
  const line = await linuxLine();
  try {
    const { station } = line;
    const units = [{ serial: 'SN-LINUX-1' }];
    await line.as('lead', 'orders.create', { name: 'linux', recipe: consoleRecipe('console-password'), units });
    expect(await line.scan(1, 'SN-LINUX-1')).toMatchObject({ error: { code: 'secret.unknown' } });
    const params = { name: 'console-password' };
    const { approval } = await station.call(
      'approvals.approve',
      { method: 'secret.set', params },
      { actor: actor(station, 'lead') },
    );
    const officer = { actor: actor(station, 'security-officer'), approval, secret: Buffer.from(account.password) };
    await station.call('secret.set', params, officer);
    const run = await line.scan(1, 'SN-LINUX-1');
    expect(run).toMatchObject({
      outcome: 'passed',
      facts: { tpmManufacturer: 'IBM', endorsementKeyOrigin: 'persistent', ekCertificate: 'good', possession: true },
    });
    const written = JSON.parse(readFileSync(join(unit.folder, 'provisioning.json'), 'utf8')) as object;
    expect(written).toMatchObject({ registrationId: run.registrationId, idScope: line.emulator.idScope });
    expect(parse(readFileSync(join(unit.folder, 'config.toml'), 'utf8'))).toMatchObject({
      provisioning: {
        id_scope: line.emulator.idScope,
        attestation: { method: 'tpm', registration_id: run.registrationId },
      },
    });
    // Nobody finds the console logged in.
    expect(Buffer.concat(unit.shown).toString('latin1').trimEnd()).toMatch(/login:$/);
    expect(line.log.incidents).toEqual([]);
  } finally {
    await line.close();
    await unit.end();
  }
});

test('production refuses a software TPM although its certificate reaches a root that the recipe pins (F-101)', async () => {
  unit = await startLinuxUnit({ shell: 'bash', tcti: swtpm.tcti });
  const hsm = async (folder: string) => saysReal(await hsms.soft({ folder: join(folder, 'practice', 'hsm') }));
  const line = await linuxLine({ found: { mode: 'production', station: 'line 3' } }, { hsm });
  try {
    const { station } = line;
    const recipe = consoleRecipe();
    const approve = async (one: Recipe) => {
      const params = { recipe: one };
      const operation = { method: 'recipes.approve', params };
      const { approval } = await station.call('approvals.approve', operation, {
        actor: actor(station, 'security-officer'),
      });
      await station.call('recipes.approve', params, { actor: actor(station, 'lead'), approval });
    };
    await approve(recipe);
    await line.as('lead', 'orders.create', { name: 'linux', recipe, units: [{ serial: 'SN-LINUX-1' }] });
    const run = await line.scan(1, 'SN-LINUX-1');
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'ek.software' } });
    expect(run.steps.filter(({ state }) => state === 'ended').map(({ name }) => name)).toEqual([
      'greet',
      'identify',
      'endorse',
    ]);
    // A recipe that asks for less is not even approved, and nothing of the TPM is kept.
    const lax = {
      ...recipe,
      name: 'lax',
      tpm: { endorsementKey: 'rsa2048', genuine: 'possession', roots: [] },
    } as Recipe;
    await expect(approve(lax)).rejects.toMatchObject({ code: 'ek.not-genuine-enough' });
    expect(station.records.db.prepare('SELECT count(*) AS n FROM endorsement_key').get()).toEqual({ n: 0 });
  } finally {
    await line.close();
    await unit.end();
  }
});
