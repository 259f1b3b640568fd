import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonView } from '../../../../station-core/contract/people.ts';
import { type Ended, gappedFolder, birthmark as runs, said } from '../../../suites/air-gap.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

let token: SoftHsmToken;
let folder: string;
beforeAll(async () => {
  token = await makeSoftHsm();
  folder = gappedFolder(mkdtempSync(join(tmpdir(), 'birthmark-test-')), token);
});
afterAll(async () => {
  await token.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Standard input: the HSM's PIN, no connection string, and what else is asked for. */
const people = (args: readonly string[], { pin = String(token.pin()), more = '' } = {}): Promise<Ended> =>
  runs(folder, ['people', ...args, '--json', '--station', folder], {
    input: `${pin}\n\n${more}`,
    env: token.environment,
  });
const listed = async (name: string) =>
  (said(await people(['list'])).people as PersonView[]).find((person) => person.name === name);

test('a person is added with a PIN or a code, gets a badge, and leaves', { timeout: 180_000 }, async () => {
  const nia = ['--name', 'Nia New', '--role', 'technician'];
  expect(await people(['add', ...nia], { more: '777777\n' })).toMatchObject({ code: 0 });
  const invited = said(await people(['add', '--name', 'Ned New', '--role', 'technician', '--code']));
  expect(invited.code).toMatch(/^\d{8}$/);
  expect(await people(['badge', '--name', 'Nia New', '--badge', 'GATE-1'])).toMatchObject({ code: 0 });
  expect(await people(['leave', '--name', 'Nia New'])).toMatchObject({ code: 0 });
  expect(await listed('Nia New')).toMatchObject({ state: 'left', otherBadge: 'GATE-1' });
  expect(await people(['leave', '--name', 'Lee Lead'])).toMatchObject({ code: 2 });
});

test('where everybody is locked the PIN of the HSM unlocks, and nothing else does', { timeout: 180_000 }, async () => {
  for (let n = 0; n < 5; n++) {
    expect(await people(['list', '--as', 'Lee Lead'], { more: '0000\n' })).toMatchObject({ code: 2 });
  }
  expect((await people(['list', '--as', 'Lee Lead'], { more: '2222\n' })).err).toContain('[person.locked]');
  const unlock = (pin?: string) =>
    people(['unlock', '--name', 'Lee Lead', '--hsm-pin'], pin === undefined ? {} : { pin });
  expect((await unlock('')).err).toContain('[hsm.locked]');
  expect(await unlock()).toMatchObject({ code: 0 });
  expect(await people(['list', '--as', 'Lee Lead'], { more: '2222\n' })).toMatchObject({ code: 0 });
  expect((await people(['unlock', '--name', 'Nobody Here', '--hsm-pin'])).err).toContain('[person.nobody]');
});

test('the PIN of the HSM resets a person only where no two others are left to agree', {
  timeout: 180_000,
}, async () => {
  const reset = (name: string) => people(['reset', '--name', name, '--hsm-pin']);
  // Lee and Sol can agree about Tess; about Lee, only Sol is left.
  expect((await reset('Tess Technician')).err).toContain('[person.others-agree]');
  expect(said(await reset('Lee Lead')).code).toMatch(/^\d{8}$/);
  expect(await listed('Lee Lead')).toMatchObject({ state: 'invited' });
});
