import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { callAgreed } from '../../../../station-core/cli/ca-people.ts';
import { makeSoftHsm } from '../../../suites/softhsm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { begun, Desk, endOf, ordered, requests, set } from './ca-parts.ts';

const ids = Array.from({ length: 4_000 }, (_, index) => `b-${index + 1}`);
const issue = ['ca', 'issue', '--csrs', 'csrs', '--order', 'winter', '--out', 'leaves', '--json'];

const leaves = (desk: Desk): string[] =>
  existsSync(desk.file('leaves')) ? readdirSync(desk.file('leaves')).filter((name) => name.endsWith('.pem')) : [];

const serialsOf = (desk: Desk): Map<string, string> =>
  new Map(
    leaves(desk).map((name) => [name, new X509Certificate(readFileSync(desk.file(`leaves/${name}`))).serialNumber]),
  );

/** Starts to issue, and strikes when `count` files are there. */
async function struck(desk: Desk, signal: NodeJS.Signals, count: number) {
  const child = desk.start(...issue);
  const end = endOf(child);
  while (leaves(desk).length < count && child.exitCode === null) await sleep(5);
  child.kill(signal);
  return end;
}

test('issuing that was stopped, then killed, goes on without a second certificate for anybody', async () => {
  const desk = new Desk(temporaryFolder());
  await set(desk, async (opened) => {
    await begun(desk, opened, 'line-3');
    const { chain } = await callAgreed(opened, {}, 'ca.practiceSign', { name: 'line-3' });
    await callAgreed(opened, {}, 'ca.import', { name: 'line-3', chain });
    await ordered(opened, 'winter', 'line-3', ids);
  });
  requests(desk, 'csrs', ids);

  const stopped = await struck(desk, 'SIGINT', 1);
  expect([stopped.code, stopped.err]).toEqual([
    1,
    expect.stringMatching(/Stopping[\s\S]+\d+ of 4000 are left\. The same command goes on/),
  ]);
  const { issued, left } = JSON.parse(stopped.out) as { issued: number; left: number };
  expect([issued + left, leaves(desk).length]).toEqual([4_000, issued]);

  const killed = await struck(desk, 'SIGKILL', issued + 100);
  expect([killed.code, killed.out]).toEqual([null, '']);
  const before = serialsOf(desk);
  expect(before.size).toBeGreaterThan(issued);
  expect(before.size).toBeLessThan(4_000);

  const ended = JSON.parse((await endOf(desk.start(...issue))).out) as Record<string, number>;
  expect(ended).toMatchObject({ refused: 0, left: 0, problems: [] });
  expect((ended.issued ?? 0) + (ended.again ?? 0)).toBe(4_000);
  const after = serialsOf(desk);
  expect(after.size).toBe(4_000);
  expect([...before].filter(([name, serial]) => after.get(name) !== serial)).toEqual([]);
  const asCsv = { name: 'line-3', format: 'csv' } as const;
  const { text } = await set(desk, (opened) => callAgreed(opened, {}, 'ca.export', asCsv));
  const rows = parse<Record<string, string>>(text, { columns: true });
  const good = rows.filter(({ state }) => state === 'issued').map(({ registrationId }) => registrationId);
  expect([good.length, new Set(good).size]).toEqual([4_000, 4_000]);
}, 120_000);

test('with SoftHSM: the key is made, signs and is destroyed in the token', async () => {
  const token = await makeSoftHsm();
  try {
    const desk = new Desk(temporaryFolder(), token.pin().toString(), token.environment);
    const made = ['init', '--mode', 'practice', '--name', 'line-6', '--no-input'];
    expect((await desk.run(...made, '--hsm-module', token.module, '--hsm-token', token.tokenLabel)).code).toBe(0);
    const subject = ['--algorithm', 'p384', '--subject', 'CN=Line 6'];
    await desk.json('ca', 'begin', '--name', 'line-6', ...subject, '--csr', 'line-6.csr');
    await desk.json('ca', 'witness', 'line-6');
    await desk.json('ca', 'practice-sign', 'line-6', '--out', 'chain.pem');
    await desk.json('ca', 'import', 'line-6', 'chain.pem');
    await desk.json('ca', 'verify', 'line-6', '--code', 'A-CODE-of-DPS-42', '--out', 'proof.pem');
    expect(desk.openssl('verify', '-x509_strict', '-CAfile', 'chain.pem', 'proof.pem')).toContain('OK');
    const keys = (await desk.run('hsm', 'inspect')).out;
    expect(keys).toMatch(/^line-6-[0-9a-f]{6} .*as it must be$/m);
    expect(keys).not.toContain('verification-');
    await desk.json('ca', 'destroy', 'line-6', '--crl', 'final.pem', '--confirm', 'line-6');
    expect((await desk.run('hsm', 'inspect')).out).not.toMatch(/^line-6-/m);
  } finally {
    await token.dispose();
  }
}, 60_000);
