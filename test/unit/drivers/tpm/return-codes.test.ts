import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { asksAgain, isAbsent, isFull, nameOfCode, tpmError } from '../../../../drivers/tpm/return-codes.ts';

test('return codes have the names of the TCG, and say which parameter, handle or session is meant', () => {
  expect(nameOfCode(0x1df)).toBe('TPM_RC_INTEGRITY of parameter 1 (0x1df)');
  expect(nameOfCode(0x18b)).toBe('TPM_RC_HANDLE of handle 1 (0x18b)');
  expect(nameOfCode(0x98e)).toBe('TPM_RC_AUTH_FAIL of session 1 (0x98e)');
  expect(nameOfCode(0x101)).toBe('TPM_RC_FAILURE (0x101)');
  expect(nameOfCode(0x902)).toBe('TPM_RC_OBJECT_MEMORY (0x902)');
  expect(nameOfCode(0xfff)).toContain('0xfff');
});

test('tpm2_rc_decode says the same numbers about parameter, handle and session', () => {
  const decode = (code: number) => execFileSync('tpm2_rc_decode', [`0x${code.toString(16)}`], { encoding: 'latin1' });
  const places = [
    [0x1df, /parameter\(1\)/],
    [0x2d5, /parameter\(2\)/],
    [0x18b, /handle\(1\)/],
    [0x98e, /session\(1\)/],
    [0xa9d, /session\(2\)/],
  ] as const;
  for (const [code, place] of places) {
    const theirs = decode(code);
    expect(theirs).toMatch(place);
    const [, kind = '', number = ''] = /(parameter|handle|session)\((\d)\)/.exec(theirs) ?? [];
    expect(nameOfCode(code)).toContain(`of ${kind} ${number} `);
  }
});

test.each([
  [0x101, 'TPM2_ReadPublic', 'tpm.failure-mode'],
  [0x921, 'TPM2_PolicySecret', 'tpm.lockout'],
  [0x01e, 'TPM2_GetCapability', 'tpm.version'],
  [0x9a2, 'TPM2_PolicySecret', 'tpm.auth'],
  [0x98e, 'TPM2_CreatePrimary', 'tpm.auth'],
  [0x1df, 'TPM2_ActivateCredential', 'tpm.not-activated'],
  [0x2c4, 'TPM2_ActivateCredential', 'tpm.not-activated'],
  [0x1df, 'TPM2_NV_Read', 'tpm.refused'],
  [0x100, 'TPM2_GetCapability', 'tpm.refused'],
  [0xa9d, 'TPM2_ActivateCredential', 'tpm.refused'],
] as const)('%i of %s is %s', (code, command, error) => {
  expect(tpmError(command, code).code).toBe(error);
});

test('busy, full and absent are told apart from refusals', () => {
  expect([0x908, 0x90a, 0x920, 0x922].every(asksAgain)).toBe(true);
  expect([0x902, 0x903, 0x904, 0x905, 0x906].every(isFull)).toBe(true);
  expect([0x18b, 0x28b, 0x14a].every(isAbsent)).toBe(true);
  expect([0x101, 0x1df].some((code) => asksAgain(code) || isFull(code) || isAbsent(code))).toBe(false);
});
