import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { SimulatedTpm } from '../../../../drivers/simulated/tpm/tpm.ts';
import { seeded, whole } from '../../../../drivers/simulated/unit/random.ts';
import { sized, u32 } from '../../../../drivers/tpm/marshal.ts';
import { activationTemplate, ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import { ekKinds } from '../../../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { made, newTpm, transportTo } from '../../../suites/simulated-tpm.ts';
import {
  codeOf,
  commandOf,
  password,
  primaryParameters,
  secretParameters,
  sessionParameters,
} from '../../../suites/simulated-tpm-wire.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { loadedIn } from '../../../suites/tpm-tcp.ts';

const never = new AbortController().signal;
const [owner, endorsement, none] = [0x4000_0001, 0x4000_000b, 0x4000_0007];
const nobody = { ekKey: '', certificate: Buffer.alloc(0) };

/** The same TPM after its power was away; what it was made with is not needed any more. */
const again = (file: string): SimulatedTpm => SimulatedTpm.open({ file, made: nobody });

const create = (tpm: SimulatedTpm, template: Buffer, hierarchy = endorsement): Buffer =>
  tpm.execute(
    commandOf('CreatePrimary', {
      handles: [hierarchy],
      sessions: [password()],
      parameters: primaryParameters(template),
    }),
  );
const publicOf = (response: Buffer): Buffer => response.subarray(18, 20 + response.readUInt16BE(18));
const changeOwner = (tpm: SimulatedTpm, from: string, to: string): number =>
  codeOf(
    tpm.execute(
      commandOf('HierarchyChangeAuth', {
        handles: [owner],
        sessions: [password(from)],
        parameters: sized(Buffer.from(to)),
      }),
    ),
  );
const evict = (tpm: SimulatedTpm, object: number, to: number): number =>
  codeOf(
    tpm.execute(commandOf('EvictControl', { handles: [owner, object], sessions: [password()], parameters: u32(to) })),
  );
const readPublic = (tpm: SimulatedTpm, handle: number): Buffer =>
  tpm.execute(commandOf('ReadPublic', { handles: [handle] }));

test('every key is the same after a restart, and another one in another hierarchy', async () => {
  const { tpm, file } = await newTpm();
  const keysOf = async (one: SimulatedTpm) => {
    const station = openTpm(transportTo(one));
    const keys: Buffer[] = [];
    for (const kind of ekKinds) keys.push((await station.endorsement({ kind }, never)).public);
    await station.close();
    keys.push(publicOf(create(one, activationTemplate)), publicOf(create(one, activationTemplate, owner)));
    return keys;
  };
  const first = await keysOf(tpm);
  expect(new Set(first.map((key) => key.toString('hex'))).size).toBe(7);
  expect(await keysOf(again(file))).toEqual(first);
});

test('a template that differs in one byte gives another key', async () => {
  const { tpm } = await newTpm();
  const template = ekTemplate('p256');
  template[template.length - 1] = 1;
  const [plain, other] = [create(tpm, ekTemplate('p256')), create(tpm, template)].map(publicOf);
  expect(plain).not.toEqual(other);
});

test('the null hierarchy has the same keys until the power goes, and nothing of it becomes persistent', async () => {
  const { tpm, file } = await newTpm();
  const [first, second] = [create(tpm, activationTemplate, none), create(tpm, activationTemplate, none)].map(publicOf);
  expect(first).toEqual(second);
  expect(evict(tpm, 0x8000_0000, 0x8100_0001)).toBe(0x282);
  expect(publicOf(create(again(file), activationTemplate, none))).not.toEqual(first);
});

test('a restart keeps persistent keys and passwords, and nothing that was loaded', async () => {
  const { tpm, file } = await newTpm();
  create(tpm, activationTemplate, owner);
  tpm.execute(commandOf('StartAuthSession', { handles: [none, none], parameters: sessionParameters(0x0b) }));
  expect(evict(tpm, 0x8000_0000, 0x8100_0001)).toBe(0);
  expect(changeOwner(tpm, '', 'mine')).toBe(0);
  const before = readPublic(tpm, 0x8100_0001);
  const restarted = again(file);
  expect(await loadedIn(transportTo(restarted))).toBe(0);
  expect(readPublic(restarted, 0x8100_0001)).toEqual(before);
  expect(changeOwner(restarted, '', 'other')).toBe(0x9a2);
  expect(changeOwner(restarted, 'mine', '')).toBe(0);
  expect(evict(restarted, 0x8100_0001, 0x8100_0001)).toBe(0);
  expect(codeOf(readPublic(again(file), 0x8100_0001))).toBe(0x18b);
});

test('a storage root key that somebody made persistent is what the station binds challenges to', async () => {
  const { tpm } = await newTpm();
  create(tpm, activationTemplate, owner);
  evict(tpm, 0x8000_0000, 0x8100_0001);
  const { origin, public: area } = await openTpm(transportTo(tpm)).activationKey(never);
  expect(origin).toBe('storage-root');
  expect(area).toEqual(publicOf(create(tpm, activationTemplate, owner)));
});

test('wrong passwords are counted over restarts, and forgotten one by one with time', async () => {
  const folder = temporaryFolder();
  let clock = Date.parse('2026-11-27T08:00:00Z');
  const options = { file: join(folder, 'tpm'), made: await made(), now: () => clock };
  const lockedOut = (by: string) => {
    const tpm = SimulatedTpm.open(options);
    const parameters = primaryParameters(ekTemplate('high-p256'), Buffer.from('mine'));
    tpm.execute(commandOf('CreatePrimary', { handles: [endorsement], sessions: [password()], parameters }));
    tpm.execute(commandOf('StartAuthSession', { handles: [none, none], parameters: sessionParameters(0x0b) }));
    const secret = commandOf('PolicySecret', {
      handles: [0x8000_0000, 0x0300_0000],
      sessions: [password(by)],
      parameters: secretParameters,
    });
    // The first use since a start is noted, and asked for again.
    const first = codeOf(tpm.execute(secret));
    return first === 0x922 ? codeOf(tpm.execute(secret)) : first;
  };
  expect([lockedOut('a'), lockedOut('b'), lockedOut('c'), lockedOut('mine')]).toEqual([0x98e, 0x98e, 0x98e, 0x921]);
  clock += 1_000_000;
  expect([lockedOut('mine'), lockedOut('d'), lockedOut('mine')]).toEqual([0, 0x98e, 0x921]);
  clock += 3_000_000;
  expect([lockedOut('e'), lockedOut('f'), lockedOut('mine')]).toEqual([0x98e, 0x98e, 0]);
});

test('a TPM that is full of keys says so, and still has those that it made', async () => {
  const { tpm, file } = await newTpm();
  const codes: number[] = [];
  for (let number = 0; number < 130; number += 1) {
    const template = ekTemplate('p256');
    template.writeUInt16BE(number, template.length - 2);
    codes.push(codeOf(create(tpm, template)));
    tpm.execute(commandOf('FlushContext', { parameters: u32(0x8000_0000) }));
  }
  // One place was taken by the endorsement key.
  expect(codes.indexOf(0x14b)).toBe(127);
  expect(codeOf(create(again(file), ekTemplate('p256')))).toBe(0);
});

test('only its owner may read the file', async () => {
  const { tpm, file } = await newTpm();
  writeFileSync(`${file}.new`, 'left behind', { mode: 0o644 });
  changeOwner(tpm, '', 'mine');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.new`)).toBe(false);
});

test('a change that cannot be kept is not answered, and has not happened', async () => {
  const { tpm, file } = await newTpm();
  rmSync(dirname(file), { recursive: true });
  expect(() => changeOwner(tpm, '', 'mine')).toThrow('ENOENT');
  expect(codeOf(create(tpm, activationTemplate, none))).toBe(0);
  expect(() => create(tpm, activationTemplate, owner)).toThrow('ENOENT');
});

test('a file that is none of a TPM is refused, and nothing of it is told', async () => {
  const { file } = await newTpm();
  const good = readFileSync(file);
  for (const bad of [Buffer.alloc(0), good.subarray(0, -1), Buffer.from('{}'), Buffer.concat([good, good])]) {
    writeFileSync(file, bad);
    const thrown: unknown = (() => {
      try {
        return again(file);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(StationError);
    expect(thrown).toMatchObject({ code: 'store.damaged', details: { what: file } });
  }
});

test('a TPM that is killed again and again has at least every change that it answered', async () => {
  const random = seeded(testSeed('simulated TPM killed'));
  const { file } = await newTpm();
  const program = join(import.meta.dirname, '../../../suites/simulated-tpm-writing.main.ts');
  for (let round = 0; round < (long ? 60 : 6); round += 1) {
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const enough = 1 + whole(random, 30);
    let answered = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      answered = Number(line);
      if (answered === enough) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const tpm = again(file);
    // It is the last password that was answered, or the one after it.
    const codes = [answered, answered + 1].map((number) => changeOwner(tpm, String(number), ''));
    expect(codes).toContain(0);
  }
});
