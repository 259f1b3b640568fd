import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCertificates } from '../../../../station-core/cli/ca-files.ts';
import { callAgreed } from '../../../../station-core/cli/ca-people.ts';
import { type OpenStation, openStation } from '../../../../station-core/open-station.ts';
import { prepareFolder } from '../../../../station-core/practice.ts';
import { begun, Desk, Owner } from './ca-parts.ts';

// What comes back from a root's owner and is not what it should be: refused, with its reason, and nothing is changed.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const desk = new Desk(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, ...parts: string[]) =>
  writeFileSync(desk.file(name), parts.map((part) => readFileSync(desk.file(part), 'utf8')).join(''));

let opened: OpenStation;

beforeAll(async () => {
  prepareFolder(desk.file('station'), 1);
  opened = await openStation(desk.file('station'), {}, 'test');
  await begun(desk, opened, 'line-3');
  const owner = new Owner(desk);
  owner.authority('root');
  owner.authority('narrow', 'root', { basic: 'critical,CA:TRUE,pathlen:0' });
  owner.authority('stranger', 'root');
  owner.sign('line-3.csr', 'root', 'good');
  owner.sign('line-3.csr', 'root', 'leaf', { basic: 'critical,CA:FALSE', usage: 'critical,digitalSignature' });
  owner.sign('line-3.csr', 'root', 'no-ca', { basic: 'critical,CA:FALSE' });
  owner.sign('line-3.csr', 'root', 'no-sign', { usage: 'critical,digitalSignature,cRLSign' });
  owner.sign('line-3.csr', 'root', 'expired', { days: -1 });
  owner.sign('line-3.csr', 'narrow', 'below');
  put('keyed.pem', 'good.pem', 'root.pem', 'root.key');
  desk.openssl('pkcs12', '-export', '-in', 'root.pem', '-inkey', 'root.key', '-passout', 'pass:x', '-out', 'root.pfx');
  desk.openssl(
    'pkcs12',
    '-export',
    '-in',
    'root.pem',
    '-inkey',
    'root.key',
    '-passout',
    'pass:x',
    '-out',
    'renamed.cer',
  );
  desk.openssl('crl2pkcs7', '-nocrl', '-certfile', 'root.pem', '-out', 'root.p7b');
  writeFileSync(desk.file('garbage.pem'), 'no certificate at all\n');
  writeFileSync(desk.file('garbage.cer'), Buffer.from('3003020100', 'hex'));
  put('twice.pem', 'good.pem', 'good.pem', 'root.pem');
});

test.each([
  ['a leaf', ['leaf.pem', 'root.pem'], /RFC 5280 6\.1\.4 \(k\): it issued a certificate and is no CA/],
  ['CA:FALSE with the usages of a CA', ['no-ca.pem', 'root.pem'], /it issued a certificate and is no CA/],
  ['no keyCertSign', ['no-sign.pem', 'root.pem'], /its key usage lacks keyCertSign/],
  ['a certificate of another key', ['stranger.pem', 'root.pem'], /of the key whose request was signed/],
  ['an expired one', ['expired.pem', 'root.pem'], /it was valid until/],
  ['a path length of 0 above it', ['below.pem', 'narrow.pem', 'root.pem'], /longer than its path length 0 allows/],
  ['no root', ['good.pem'], /the certificate of its issuer \(.*CN=root.*\) is missing/],
  ['one that is no part of it', ['good.pem', 'root.pem', 'stranger.pem'], /no part of the chain/],
  ['the same one twice', ['twice.pem'], /more than once/],
  ['bytes that are no certificate', ['garbage.cer', 'root.pem'], /certificate 1/],
  ['a PFX', ['root.pfx'], /root\.pfx: .*found a PFX \(PKCS #12\) file/],
  ['a PFX that says .cer', ['renamed.cer'], /found a PFX \(PKCS #12\) file/],
  ['a PKCS #7 file', ['root.p7b'], /found a PKCS #7 file/],
  ['a private key beside the certificates', ['keyed.pem'], /keyed\.pem: .*found a private key; it must not be here/],
  ['words', ['garbage.pem'], /garbage\.pem: expected a PEM block/],
  ['no such file', ['missing.pem'], /missing\.pem: expected a file that can be read, found ENOENT/],
  ['an issuer that is not there', ['good.pem', 'root.pem'], /no intermediate CA line-9/, 'line-9'],
])('import refuses %s', async (_, files, reason, name = 'line-3') => {
  const imported = async () => {
    const chain = readCertificates(files.map((file) => desk.file(file)));
    return callAgreed(opened, {}, 'ca.import', { name, chain });
  };
  await expect(imported()).rejects.toThrow(reason);
  await expect(imported()).rejects.not.toThrow(/PRIVATE KEY--/);
});

test('the command refuses with a sentence, and what was refused changed nothing: the right chain is still taken', async () => {
  await opened.close();
  const refused = await desk.run('ca', 'import', 'line-3', 'no-ca.pem', 'root.pem');
  expect([refused.code, refused.out, refused.err]).toEqual([
    2,
    '',
    expect.stringMatching(/^The certificate chain is refused at .*\[ca\.chain\]\n$/),
  ]);
  expect(await desk.json('ca', 'show', 'line-3')).toMatchObject({ state: 'waiting', chain: '' });
  expect(await desk.json('ca', 'import', 'line-3', 'root.pem', 'good.pem')).toMatchObject({
    state: 'active',
    warnings: [],
  });
});

test('begin refuses a file that exists before it makes a key', async () => {
  const subject = ['--algorithm', 'p256', '--subject', 'CN=x', '--csr', 'good.pem'];
  const { code, err } = await desk.run('ca', 'begin', '--name', 'line-5', ...subject);
  expect([code, err]).toEqual([2, 'good.pem: expected a name that no file has yet, found a file. [input.invalid]\n']);
  const { issuers } = (await desk.json('ca', 'list')) as { issuers: object[] };
  expect(issuers).toHaveLength(1);
  expect(existsSync(desk.file('x.csr')) || readdirSync(folder).some((name) => name.endsWith('.part'))).toBe(false);
});

test('what is said wrongly is refused with what to do, before any station is opened', async () => {
  const wrong: [string[], RegExp][] = [
    [['find', '--from', '2026-02-31'], /--from: expected a day like/],
    [['find', '--state', 'lost'], /Allowed choices are intended, unsigned, possible, issued, revoked/],
    [['revoke', '1', '--reason', 'whim'], /Allowed choices are unspecified/],
    [['quota', 'line-3', '0'], /whole number from 1 to 100000000, or none/],
    [['destroy', 'line-3', '--crl', 'f.pem'], /--confirm: expected line-3, once more, found nothing/],
    [['issue', '--csrs', 'nowhere', '--order', 'x', '--out', 'y'], /nowhere: expected a file or folder/],
    [
      ['issue', '--csrs', 'root.pem', '--order', 'x', '--out', 'y'],
      /root\.pem: expected certificate requests, found none/,
    ],
    [['record', 'line-3'], /required option '--out <file>' not specified/],
  ];
  const all = wrong.map(async ([args, reason]) => {
    const { code, out, err } = await desk.run('ca', ...args);
    expect([args, code === 0, out, err]).toEqual([args, false, '', expect.stringMatching(reason)]);
  });
  await Promise.all(all);
}, 60_000);
