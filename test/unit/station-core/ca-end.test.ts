import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Method, Params, Result } from '../../../station-core/contract/api.ts';
import { canonical } from '../../../station-core/contract/canonical.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { actor } from '../../../station-core/practice.ts';
import { practiceCa } from '../../../station-core/practice-ca.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  await practiceCa(line.station);
});
afterAll(() => line.close());

async function withSecond<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
  const { approval } = await line.as('lead', 'approvals.approve', { method, params });
  return line.station.call(method, params, { actor: actor(line.station, 'security-officer'), approval });
}

const begin = (name: string) => withSecond('ca.begin', { name, algorithm: 'p256', subject: { CN: name } });
const keys = async (name: string) =>
  (await line.station.parts.hsm.list()).filter(({ label }) => label.startsWith(`${name}-`));

async function active(name: string): Promise<string> {
  await begin(name);
  await line.as('auditor', 'ca.witness', { name });
  const { chain } = await withSecond('ca.practiceSign', { name });
  await withSecond('ca.import', { name, chain });
  return chain;
}

test("a stranger can check a ceremony's record: its signature, and whom its commitments name", async () => {
  await begin('recorded');
  const { record, signature, auditKey, people } = await line.as('auditor', 'ca.witness', { name: 'recorded' });
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-record-'));
  try {
    writeFileSync(join(folder, 'record'), record);
    writeFileSync(join(folder, 'sig'), Buffer.from(signature, 'base64'));
    writeFileSync(join(folder, 'key'), auditKey);
    const args = ['dgst', '-sha256', '-verify', 'key', '-signature', 'sig', 'record'];
    expect(execFileSync('openssl', args, { cwd: folder, encoding: 'utf8' })).toContain('Verified OK');
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const { name, commitment, salt } of people) {
    const mac = createHmac('sha256', Buffer.from(salt, 'base64')).update(canonical({ person: name }));
    expect(commitment).toBe(`hmac-sha256:${mac.digest('base64')}`);
    expect(record).toContain(commitment);
    expect(record).not.toContain(name);
  }
  const { custodians, key, hsm } = JSON.parse(record) as {
    custodians: string[];
    key: { attributes: object };
    hsm: object;
  };
  expect(custodians).toHaveLength(2);
  const only = {
    sign: true,
    decrypt: false,
    unwrap: false,
    derive: false,
    extractable: false,
    neverExtractable: true,
    local: true,
  };
  expect(key.attributes).toMatchObject(only);
  expect(hsm).toHaveProperty('serial');
});

test('a ceremony that was given up is ended: the key is destroyed, and there is no CRL to sign', async () => {
  await begin('given-up');
  expect(await keys('given-up')).toHaveLength(1);
  expect(await withSecond('ca.destroy', { name: 'given-up' })).toEqual({});
  expect(await keys('given-up')).toEqual([]);
  await expect(withSecond('ca.destroy', { name: 'given-up' })).rejects.toMatchObject({ code: 'ca.not-ready' });
  await expect(line.as('lead', 'ca.lastCrl', { name: 'given-up' })).rejects.toMatchObject({ code: 'ca.not-ready' });
});

test('an issuer that was retired is not made active again by importing its certificate once more', async () => {
  const chain = await active('retired');
  expect((await withSecond('ca.import', { name: 'retired', chain })).state).toBe('active');
  await withSecond('ca.retire', { name: 'retired' });
  await expect(withSecond('ca.import', { name: 'retired', chain })).rejects.toMatchObject({ code: 'ca.not-ready' });
});

test('a destruction that a crash cut short goes on, and its final CRL is not lost', async () => {
  await active('cut-short');
  const { crl, number } = await line.as('lead', 'ca.crl', { name: 'cut-short' });
  const [key] = await keys('cut-short');
  // As a crash leaves it: the key is gone in the HSM, the note of it was not written.
  if (key) await line.station.parts.hsm.destroyKey(key);
  expect(await withSecond('ca.destroy', { name: 'cut-short' })).toEqual({ crl, number });
  expect(await line.as('auditor', 'ca.lastCrl', { name: 'cut-short' })).toEqual({ crl, number });
  const { state } = line.station.records.issuers.byName('cut-short');
  expect(state).toBe('destroyed');
});

test('look-ups take a whole day, page back, and refuse a day that there is not', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const all = await line.as('lead', 'ca.find', { from: today, to: today });
  expect(all.length).toBeGreaterThan(2);
  const [newest] = all;
  expect(await line.as('lead', 'ca.find', { before: newest?.id ?? 0 })).toEqual(all.slice(1));
  for (const wrong of [{ from: '2026-02-30' }, { serialNumber: 'abc' }]) {
    await expect(line.as('lead', 'ca.find', wrong)).rejects.toMatchObject({ code: 'input.invalid' });
  }
});

test('what may have been signed can be revoked; then it stands on the CRL and in index.txt', async () => {
  const { labels } = await line.order('x509-group', 1);
  const { hsm } = line.station.parts;
  const sign = hsm.sign;
  // The answer of the HSM is not the signature that was asked for: something was signed.
  hsm.sign = async (...asked) => {
    const signature = await sign.apply(hsm, asked);
    signature[7] = (signature[7] ?? 0) ^ 1;
    return signature;
  };
  const run = await line.scan(1, labels[0] ?? '').finally(() => {
    hsm.sign = sign;
  });
  expect(run).toMatchObject({ outcome: 'indeterminate', error: { code: 'ca.signature-wrong' } });
  const [possible] = await line.as('auditor', 'ca.find', { state: 'possible' });
  if (!possible) throw new Error('nothing is possibly issued');
  const lines = async () => (await withSecond('ca.export', { name: 'practice-ca', format: 'index' })).text;
  expect(await lines()).not.toContain(possible.serialNumber.toUpperCase());
  await withSecond('ca.revoke', { certificate: possible.id, reason: 'superseded' });
  expect(await lines()).toMatch(new RegExp(`^R\t.*,superseded\t${possible.serialNumber.toUpperCase()}\t`, 'm'));
  const { crl } = await line.as('lead', 'ca.crl', { name: 'practice-ca' });
  const text = execFileSync('openssl', ['crl', '-noout', '-text'], { input: crl, encoding: 'utf8' });
  expect(text).toContain(possible.serialNumber.toUpperCase());
  expect((await line.scan(1, labels[0] ?? '')).outcome).toBe('passed');
  expect(await fsck(line.folder)).toEqual([]);
});
