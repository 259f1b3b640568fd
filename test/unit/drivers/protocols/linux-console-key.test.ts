// A file with a symmetric key on a Linux unit: how it gets there, and the proof that the unit's own shell makes with it.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { possessionHmacHolds, possessionMessage } from '../../../../drivers/protocols/possession.ts';
import type { UnitFile } from '../../../../drivers/protocols/protocol.ts';
import { base64 } from '../../../../station-core/base64.ts';
import type { StationError } from '../../../../station-core/contract/errors.ts';
import { fromThenOn, lossyLine } from '../../../suites/kernel-noise.ts';
import { accessTo, hurriedConsole, roughConsole } from '../../../suites/linux-console-bench.ts';
import { type LinuxUnit, type LinuxUnitOptions, shells, startLinuxUnit } from '../../../suites/linux-unit.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { testSeed } from '../../../suites/seed.ts';

const never = new AbortController().signal;
const units: LinuxUnit[] = [];
afterEach(async () => {
  for (const unit of units.splice(0)) await unit.end();
});

async function unitWith(options: LinuxUnitOptions, protocol = hurriedConsole) {
  const unit = await startLinuxUnit(options);
  units.push(unit);
  const session = await protocol.open(await unit.plug(), never, { console: accessTo(unit) });
  return { unit, session };
}

/** A file around a key, as IoT Edge's is. */
function around(path: string, key: Buffer, operation = randomBytes(16)) {
  const [head, text] = [Buffer.from('method = "symmetric_key"\nvalue = "'), base64(key)];
  const bytes = Buffer.concat([head, text, Buffer.from('"\n')]);
  const place = { operation, offset: head.length, length: text.length, encoding: 'base64' } as const;
  return { path, mode: 0o600, bytes, key: place } satisfies UnitFile;
}

const raw = (path: string, key: Buffer, operation = randomBytes(16)) =>
  ({
    path,
    mode: 0o600,
    bytes: key,
    key: { operation, offset: 0, length: key.length, encoding: 'raw' },
  }) satisfies UnitFile;

describe.each(shells)('a unit with %s', (shell) => {
  test.each([
    ['base64 of 64 bytes, as DPS makes keys', around, 64],
    ['base64 of 32 bytes, as derived keys have', around, 32],
    ['64 raw bytes', raw, 64],
    ['32 raw bytes', raw, 32],
  ] as const)('proves the key in its file: %s', async (_, make, length) => {
    const { unit, session } = await unitWith({ shell });
    // Zero bytes, and bytes that a shell or a terminal could take for more.
    const key = Buffer.concat([Buffer.from([0, 0x27, 0x5c, 0xff, 0, 10, 13, 3, 0x25]), randomBytes(length - 9)]);
    const path = join(unit.folder, 'a key');
    const file = make(path, key);
    await session.writeFile(file, never);
    expect(readFileSync(path)).toEqual(file.bytes);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { operation } = file.key;
    const stationNonce = randomBytes(32);
    const registrationId = 'sn-1';
    const { unitNonce, proof } = await session.prove(operation, registrationId, stationNonce, never);
    const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
    expect(possessionHmacHolds(key, message, proof)).toBe(true);
    const again = await session.prove(operation, registrationId, stationNonce, never);
    expect(again.unitNonce).not.toEqual(unitNonce);
    const shown = Buffer.concat(unit.shown).toString('latin1');
    for (const form of ['hex', 'base64', 'latin1'] as const) expect(shown).not.toContain(key.toString(form));
  });
});

test('a cable that is pulled at any moment leaves the old file, the new one or none, and the next writing tidies up', async () => {
  const { unit } = await unitWith({ shell: 'bash' });
  const path = join(unit.folder, 'config.toml');
  const [old, next] = [around(path, randomBytes(64)), around(path, randomBytes(64))];
  const seen = new Set<string>();
  const cuts = [60, 300, 500, 700, 900, 1_100, 1_300, 10_000];
  for (const [at, bytes] of cuts.entries()) {
    const before = at % 2 === 0 ? undefined : old.bytes;
    rmSync(path, { force: true });
    if (before) writeFileSync(path, before);
    const session = await hurriedConsole.open(await unit.plug(), never, { console: accessTo(unit) });
    unit.cutAfter(bytes);
    const ended = await session.writeFile(next, never).then(
      () => 'written',
      (error: StationError) => error.code,
    );
    const held = existsSync(path) ? readFileSync(path) : undefined;
    expect([before, next.bytes]).toContainEqual(held);
    if (ended === 'written') expect(held).toEqual(next.bytes);
    else expect(ended).toBe('link.lost');
    seen.add(`${ended}, ${held === undefined ? 'none' : held.equals(next.bytes) ? 'new' : 'old'}`);
    const again = await hurriedConsole.open(await unit.plug(), never, { console: accessTo(unit) });
    await again.writeFile(next, never);
    expect(readFileSync(path)).toEqual(next.bytes);
    expect(readdirSync(unit.folder).filter((name) => name.startsWith('.birthmark'))).toEqual([]);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['link.lost, none', 'link.lost, old', 'written, new']));
});

test('a proof is of the key that lies in the file, not of the one that was sent', async () => {
  const { unit, session } = await unitWith({ shell: 'dash' });
  const key = randomBytes(64);
  const file = raw(join(unit.folder, 'key'), key);
  await session.writeFile(file, never);
  writeFileSync(file.path, randomBytes(64));
  const { operation } = file.key;
  const parts = { operation, registrationId: 'sn-1', stationNonce: randomBytes(32) };
  const { unitNonce, proof } = await session.prove(operation, parts.registrationId, parts.stationNonce, never);
  expect(possessionHmacHolds(key, possessionMessage({ ...parts, unitNonce }), proof)).toBe(false);
  rmSync(file.path);
  await refusal(session.prove(operation, parts.registrationId, parts.stationNonce, never), 'console.failed', [key]);
});

test('the key of another operation is not proven', async () => {
  const { unit, session } = await unitWith({ shell: 'bash' });
  await session.writeFile(around(join(unit.folder, 'key'), randomBytes(64)), never);
  await refusal(session.prove(randomBytes(16), 'sn-1', randomBytes(32), never), 'unit.cannot');
});

test.each(['dd', 'base64'])('a unit without %s is told so by name', async (tool) => {
  const { unit, session } = await unitWith({ shell: 'bash', without: [tool] });
  const file = around(join(unit.folder, 'key'), randomBytes(64));
  await session.writeFile(file, never);
  const asked = session.prove(file.key.operation, 'sn-1', randomBytes(32), never);
  expect((await refusal(asked, 'console.tool-missing')).details).toEqual({ tool });
});

test('a line that loses bytes proves the same', async () => {
  const seed = testSeed('a key on a lossy line');
  const toStation = fromThenOn(lossyLine(seed, 1 / 1_000));
  const toUnit = fromThenOn(lossyLine(seed + 1, 1 / 1_000));
  const ways = { onWay: toStation.onWay, onWayIn: toUnit.onWay };
  const { unit, session } = await unitWith({ shell: 'bash', ...ways }, roughConsole);
  toStation.begin();
  toUnit.begin();
  const key = randomBytes(64);
  const file = around(join(unit.folder, 'key'), key);
  await session.writeFile(file, never);
  const parts = { operation: file.key.operation, registrationId: 'sn-1', stationNonce: randomBytes(32) };
  const { unitNonce, proof } = await session.prove(parts.operation, parts.registrationId, parts.stationNonce, never);
  expect(possessionHmacHolds(key, possessionMessage({ ...parts, unitNonce }), proof)).toBe(true);
});

test.each([{ path: 'relative' }, { path: '/etc/../shadow' }, { path: '/etc/x', mode: 0o4755 }])(
  'the file $path is refused before anything is typed',
  async (wrong) => {
    const { unit, session } = await unitWith({ shell: 'bash' });
    await refusal(session.writeFile({ mode: 0o600, bytes: Buffer.from('x'), ...wrong }, never), 'input.invalid');
    expect(existsSync(join(unit.folder, 'x'))).toBe(false);
  },
);
