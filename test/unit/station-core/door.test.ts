import { existsSync, mkdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownerOf } from '../../../station-core/cli/owner.ts';
import { doorOf, knock } from '../../../station-core/door.ts';
import { type OpenStation, openStation } from '../../../station-core/open-station.ts';
import { prepareFolder } from '../../../station-core/practice.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

let folder: string;
let opened: OpenStation;
beforeEach(async () => {
  folder = temporaryFolder();
  prepareFolder(folder, 1);
  opened = await openStation(folder, {}, 'a test');
});
afterEach(() => opened.close());

test('a command reaches whoever holds the folder, signs in, and a second person agrees', async () => {
  const owner = await ownerOf(folder);
  expect(await owner?.call({ first: 'auditor' }, {}, 'orders.list', {})).toEqual([]);
  const roles = { first: 'security-officer', second: 'lead' } as const;
  expect(await owner?.call(roles, {}, 'audit.rotateKey', {})).toMatchObject({ n: 2 });
  await expect(owner?.call({ first: 'technician' }, {}, 'audit.verify', {})).rejects.toMatchObject({
    code: 'person.not-allowed',
  });
  owner?.close();
});

test('nobody but its user may open the door, and without a sign-in it shows nothing', async () => {
  expect(statSync(join(folder, 'door.sock')).mode & 0o777).toBe(0o600);
  const reached = await knock(folder);
  await expect(reached?.client.call('orders.list', {})).rejects.toMatchObject({ code: 'person.not-signed-in' });
  await expect(reached?.client.call('operators.signIn', { name: 'Lee Lead', pin: '0000' })).rejects.toMatchObject({
    code: expect.stringMatching(/^person\./) as string,
  });
  reached?.close();
});

test('what is no message is answered as such, and the station goes on', async () => {
  const socket = connect(join(folder, 'door.sock'));
  const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  socket.write('{"id":\n');
  expect(JSON.parse(await answer)).toMatchObject({ id: 0, error: { code: 'input.invalid' } });
  socket.destroy();
  const owner = await ownerOf(folder);
  expect(await owner?.call({ first: 'lead' }, {}, 'orders.list', {})).toEqual([]);
  owner?.close();
});

test('a closed station has no door, and a door that a dead process left is no hindrance', async () => {
  await opened.close();
  expect(existsSync(join(folder, 'door.sock'))).toBe(false);
  expect(await ownerOf(folder)).toBeUndefined();
  opened = await openStation(folder, {}, 'a test');
  expect(await knock(folder)).toBeDefined();
});

test('a folder whose path is too long for a socket has no door', async () => {
  const deep = join(folder, 'd'.repeat(100));
  mkdirSync(deep);
  expect(doorOf(deep)).toBeUndefined();
  expect(await ownerOf(deep)).toBeUndefined();
});
