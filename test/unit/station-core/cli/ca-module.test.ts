import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk } from './ca-parts.ts';

test('from an empty folder: a unit is made, its module gets a certificate, and two people confirm the clock', async () => {
  const desk = new Desk(temporaryFolder());
  const made = await desk.json('practice', '--recipe', 'x509-individual', '--units', '1', '--lanes', '1');
  expect(made).toMatchObject({ units: 1, passed: 1, enrolled: 1 });
  const { certificates } = (await desk.json('ca', 'find', '--state', 'issued')) as {
    certificates: { purpose: string; registrationId?: string }[];
  };
  const id = certificates.find(({ purpose }) => purpose === 'leaf')?.registrationId ?? '';
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'module.key'];
  desk.openssl('req', '-new', ...key, '-subj', `/CN=${id}\\/camera`, '-out', 'module.csr');
  const module = ['ca', 'module', id, '--module', 'camera', '--csr', 'module.csr', '--out', 'module.pem'];
  expect(await desk.json(...module)).toMatchObject({ certificate: { purpose: 'module' }, file: 'module.pem' });
  expect(new X509Certificate(readFileSync(desk.file('module.pem'))).subject).toBe(`CN=${id}/camera`);
  const again = await desk.run(...module);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('module.pem')]);
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  expect((await desk.run('clock', 'confirm', now)).out).toMatch(/^The clock is right: /);
  const wrong = await desk.run('clock', 'confirm', '2001-01-01T00:00Z');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('cannot be right')]);
});
