import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { SimulatedLine } from '../../../../drivers/simulated/line.ts';
import { openSocket } from '../../../../drivers/socket.ts';
import { proves, refusal, symmetricKey } from '../../../suites/protocol.suite.ts';
import { makeSwtpm } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { ownKey } from '../../../suites/unit-certificates.ts';
import { sealToOf, tpmGiven } from '../../../suites/units-tpm.ts';

const never = new AbortController().signal;
const info = { idScope: '0ne1', endpoint: 'e.example', registrationId: 'sn-000001' };
const top = join(import.meta.dirname, '../../../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-line-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the practice line', () => {
  let line: SimulatedLine;
  beforeEach(async () => {
    line = await SimulatedLine.start({ folder, lanes: 2 });
  });
  afterEach(() => line.stop());

  const serialOn = async (lane: number): Promise<string> => {
    const link = await line.link(lane, never);
    const session = await uartV1.open(link, never);
    const { serial } = await session.identity(never);
    await link.close();
    return serial;
  };

  test('has a unit on each lane, whose own serial need not be the label’s', async () => {
    await line.place(1, { label: 'SN-1', serial: 'SN-1', mac: '02:00:5e:10:00:01' });
    await line.place(2, { label: 'SN-2', serial: 'SN-7' });
    expect(await serialOn(1)).toBe('SN-1');
    expect(await serialOn(2)).toBe('SN-7');
    expect(line.placed(2)).toEqual({ label: 'SN-2', serial: 'SN-7' });
    expect(readdirSync(join(folder, 'units')).sort()).toEqual(['SN-1.mem', 'SN-7.mem']);
  });

  test('gives a unit back with the credential that it had, on whatever lane it comes', async () => {
    const unit = { label: 'SN-1', serial: 'SN-1' };
    await line.place(1, unit);
    const link = await line.link(1, never);
    const session = await uartV1.open(link, never);
    const credential = symmetricKey();
    await session.provision(info, never);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    await line.place(2, unit);
    const other = await line.link(2, never);
    expect(await proves(await uartV1.open(other, never), credential)).toBe(true);
    await Promise.all([link.close(), other.close()]);
  });

  test('keeps the link of a lane whose unit was taken off, and the next unit answers on it', async () => {
    await line.place(1, { label: 'SN-1', serial: 'SN-1' });
    const link = await line.link(1, never);
    await uartV1.open(link, never);
    await line.remove(1);
    const stop = new AbortController();
    const asked = uartV1.open(link, stop.signal);
    stop.abort(new Error('nobody there'));
    await expect(asked).rejects.toThrow('nobody there');
    await line.place(1, { label: 'SN-2', serial: 'SN-2' });
    expect((await (await uartV1.open(link, never)).identity(never)).serial).toBe('SN-2');
    await link.close();
  });

  test('gives a unit its TPM back, whose state lies beside the unit’s memory', async () => {
    const unit = { label: 'SN-1', serial: 'SN-1', tpm: await tpmGiven() };
    const read = async (lane: number) => {
      await line.place(lane, unit);
      const link = await line.link(lane, never);
      const tpm = await (await uartV1.open(link, never)).tpm(never);
      const keys = await sealToOf(tpm);
      await tpm.close();
      await link.close();
      return keys;
    };
    const keys = await read(1);
    expect(await read(2)).toEqual(keys);
    expect(readdirSync(join(folder, 'units')).sort()).toEqual(['SN-1.mem', 'SN-1.tpm']);
  });

  test('says when a unit’s TPM cannot be made', async () => {
    const unit = { label: 'SN-1', serial: 'SN-1', tpm: { ...(await tpmGiven()), ekKey: 'none' } };
    await expect(line.place(1, unit)).rejects.toThrow();
    await line.place(1, { label: 'SN-1', serial: 'SN-1' });
    expect(await serialOn(1)).toBe('SN-1');
  });

  test('refuses lanes that it does not have and serials that could leave its folder', async () => {
    await expect(line.place(3, { label: 'x', serial: 'x' })).rejects.toThrow('no lane 3');
    await expect(line.place(1, { label: 'x', serial: '../x' })).rejects.toThrow('serial');
    await expect(line.place(1, { label: 'x', serial: 'x', mac: '02:00' })).rejects.toThrow('MAC');
    expect(() => line.link(3, never)).toThrow('lane 3');
    expect(existsSync(join(folder, 'x.mem'))).toBe(false);
  });

  test('loses its links when it stops, says so afterwards, and stops twice without an error', async () => {
    await line.place(1, { label: 'SN-1', serial: 'SN-1' });
    const link = await line.link(1, never);
    const lost = once(link.lost, 'abort');
    await line.stop();
    await lost;
    await line.stop();
    await expect(line.place(1, { label: 'SN-1', serial: 'SN-1' })).rejects.toThrow('stopped');
    await refusal(line.link(1, never), 'link.missing');
    await link.close();
  });
});

test('the fixtures end when the station is killed', async () => {
  const station = join(top, 'test/suites/line-parent.ts');
  const parent = fork(station, [folder], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(parent, 'message');
  const link = await openSocket({ path: port }, never);
  const lost = once(link.lost, 'abort');
  parent.kill('SIGKILL');
  await lost;
  await link.close();
  await refusal(openSocket({ path: port }, never), 'link.missing');
});

describe('one unit as a program', () => {
  const start = async (...more: string[]): Promise<{ unit: ChildProcess; socket: string }> => {
    const socket = join(folder, 'unit.sock');
    const main = join(top, 'drivers/simulated/unit/unit.main.ts');
    const given = ['--socket', socket, '--memory', join(folder, 'unit.mem'), ...more];
    const unit = spawn(process.execPath, [main, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(unit.stdout, 'data');
    return { unit, socket };
  };
  const kill = async (unit: ChildProcess) => {
    const gone = once(unit, 'exit');
    unit.kill('SIGKILL');
    await gone;
  };

  test('that is killed keeps its credential', async () => {
    const first = await start('--serial', 'SN-9', '--mac', '02005e100009');
    const credential = symmetricKey();
    let link = await openSocket({ path: first.socket }, never);
    let session = await uartV1.open(link, never);
    expect(await session.identity(never)).toMatchObject({ serial: 'SN-9', mac: '02:00:5E:10:00:09' });
    await session.provision(info, never);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    await kill(first.unit);
    await link.close();
    const second = await start('--serial', 'SN-9');
    link = await openSocket({ path: second.socket }, never);
    session = await uartV1.open(link, never);
    expect(await proves(session, credential)).toBe(true);
    await link.close();
    await kill(second.unit);
  });

  test('that is given a key and a chain came with them', async () => {
    const own = ownKey('SN-9');
    const files = { key: join(folder, 'own.key'), chain: join(folder, 'own.pem') };
    writeFileSync(files.key, own.key);
    writeFileSync(files.chain, own.chain);
    const { unit, socket } = await start('--key', files.key, '--chain', files.chain);
    const link = await openSocket({ path: socket }, never);
    const { chain } = await (await uartV1.open(link, never)).ownCertificate(never);
    expect(chain.toString('latin1')).toBe(own.chain);
    await link.close();
    await kill(unit);
  });

  test('that is given the port of a real TPM takes what is sealed to it', async () => {
    const swtpm = await makeSwtpm();
    const { unit, socket } = await start('--tpm-port', `${swtpm.port}`);
    try {
      const link = await openSocket({ path: socket }, never);
      const session = await uartV1.open(link, never);
      await session.provision(info, never);
      const tpm = await session.tpm(never);
      const sealTo = await sealToOf(tpm, 'p256');
      const { registrationId } = info;
      const credential = { ...symmetricKey(), delivery: 'sealed', registrationId, sealTo } as const;
      // Once with the station's keys loaded, once without.
      await session.stage(credential, never);
      await tpm.close();
      await session.stage(credential, never);
      expect(await loadedIn(await toPort(swtpm.port))).toBe(0);
      await session.commit(credential.operation, never);
      expect(await proves(session, credential)).toBe(true);
      await swtpm.stop();
      await refusal((await session.tpm(never)).describe(never), 'tpm.missing');
      await link.close();
    } finally {
      await kill(unit);
      await swtpm.stop();
    }
  });

  test('that is not told where to listen, or half of what it came with, says how it is used', async () => {
    const main = join(top, 'drivers/simulated/unit/unit.main.ts');
    const half = ['--socket', join(folder, 'unit.sock'), '--memory', join(folder, 'unit.mem'), '--key', 'own.key'];
    for (const given of [[], half]) {
      const unit = spawn(process.execPath, [main, ...given], { stdio: ['ignore', 'ignore', 'pipe'] });
      const [[words], [code]] = await Promise.all([once(unit.stderr, 'data'), once(unit, 'exit')]);
      expect(String(words)).toMatch(/^usage/);
      expect(code).toBe(2);
    }
  });
});
