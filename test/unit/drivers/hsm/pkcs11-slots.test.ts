import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CKF } from '../../../../drivers/hsm/cryptoki.ts';
import { tokenFound, tokensOf } from '../../../../drivers/hsm/pkcs11-slots.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let token: SoftHsmToken;
beforeAll(async () => {
  token = await makeSoftHsm('a token');
  Object.assign(process.env, token.environment);
});
afterAll(() => token.dispose());

test('a module tells its tokens, and nobody logs in', async () => {
  const tokens = await tokensOf(token.module);
  expect(tokens.find(({ label }) => label === 'a token')).toMatchObject({
    initialised: true,
    pin: 'fine',
    keypad: false,
    simulated: true,
  });
});

test('a file that is no library, and one that is not there, say so', async () => {
  const file = join(temporaryFolder(), 'module.so');
  writeFileSync(file, 'no library');
  await expect(tokensOf(file)).rejects.toMatchObject({ code: 'hsm.down' });
  await expect(tokensOf(`${file}.none`)).rejects.toMatchObject({ code: 'hsm.down' });
});

test('a library that crashes takes nobody with it', async () => {
  const folder = temporaryFolder();
  const [source, library] = [join(folder, 'crash.c'), join(folder, 'crash.so')];
  writeFileSync(source, '#include <stdlib.h>\nunsigned long C_GetFunctionList(void **list) { abort(); }\n');
  execFileSync('cc', ['-shared', '-fPIC', '-o', library, source]);
  await expect(tokensOf(library)).rejects.toMatchObject({
    code: 'hsm.down',
    details: { what: expect.stringContaining('SIGABRT') as string },
  });
});

test('the state of a PIN is the worst that the token says', () => {
  const flags = CKF.TOKEN_INITIALIZED | CKF.USER_PIN_INITIALIZED;
  const info = { label: 'a', serial: '1', model: 'M', manufacturer: 'X', firmware: '1.0', flags };
  const pin = (more: number) => tokenFound({ ...info, flags: flags | more }).pin;
  expect(pin(0)).toBe('fine');
  expect(pin(CKF.USER_PIN_COUNT_LOW)).toBe('count-low');
  expect(pin(CKF.USER_PIN_COUNT_LOW | CKF.USER_PIN_FINAL_TRY)).toBe('final-try');
  expect(pin(CKF.USER_PIN_FINAL_TRY | CKF.USER_PIN_LOCKED)).toBe('locked');
  expect(tokenFound({ ...info, flags: CKF.TOKEN_INITIALIZED }).pin).toBe('not-set');
});
