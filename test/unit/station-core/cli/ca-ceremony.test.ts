import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { readCertificates } from '../../../../station-core/cli/ca-files.ts';
import { callAgreed } from '../../../../station-core/cli/ca-people.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { begun, Desk, Owner, ordered, requests, set } from './ca-parts.ts';

// From the ceremony to the destroyed key, with a root that openssl keeps offline and with openssl as the judge of all that
// comes out.

const code = '75B86466DA34D2B04C0C4C9557A119687ADAE7D4732BDDB3';

/** The commands that a text tells to paste. */
const commandsIn = (text: string): string[] => (text.match(/^ +openssl .*$/gm) ?? []).map((line) => line.trim());

async function ceremony(desk: Desk): Promise<void> {
  await desk.run('init', '--mode', 'practice', '--name', 'line-3', '--no-input');
  const begin = [
    'ca',
    'begin',
    '--name',
    'line-3',
    '--algorithm',
    'p256',
    '--subject',
    'CN=Line 3\\, hall 2,O=Contoso',
  ];
  const began = await desk.run(...begin, '--csr', 'line 3.csr');
  expect([began.code, began.err]).toEqual([0, expect.stringContaining('birthmark ca witness line-3')]);
  const [, hash] = /SHA-256 ([0-9a-f]{64})/.exec(began.out) ?? [];
  expect(commandsIn(began.err).map((command) => desk.paste(command))).toEqual([expect.stringContaining(hash ?? '?')]);
  expect(desk.openssl('req', '-in', 'line 3.csr', '-noout', '-verify', '-subject')).toMatch(/CN = "Line 3, hall 2"/);
  const witnessed = await desk.run('ca', 'witness', 'line-3', '--record', 'record.json');
  expect([witnessed.code, witnessed.out]).toEqual([0, expect.stringContaining('Sol Security, Lee Lead, Ada Auditor')]);
  const [verify = '', fingerprint = ''] = commandsIn(witnessed.err);
  expect(desk.paste(verify)).toBe('Verified OK\n');
  const { record, signature } = JSON.parse(readFileSync(desk.file('record.json'), 'utf8')) as Record<string, string>;
  const { auditKey, mode, publicKey } = JSON.parse(record ?? '') as Record<string, string>;
  expect([mode, publicKey]).toEqual(['practice', hash]);
  expect(desk.paste(fingerprint)).toContain(auditKey);
  expect(readFileSync(desk.file('record.json.sig')).toString('base64')).toBe(signature);
  writeFileSync(desk.file('record.json.txt'), record?.replace('"mode":"practice"', '"mode":"production"') ?? '');
  expect(() => desk.paste(verify)).toThrow(/Command failed/);
}

test('the whole ceremony with an offline root, then certificates, lists and the end, as openssl sees them', async () => {
  const desk = new Desk(temporaryFolder());
  await ceremony(desk);
  const owner = new Owner(desk);
  owner.authority('root');
  owner.sign('line 3.csr', 'root', 'signed', { basic: 'critical,CA:TRUE,pathlen:0' });
  writeFileSync(desk.file('chain.pem'), desk.paste('cat root.pem signed.pem'));
  const imported = await desk.run('ca', 'import', 'line-3', 'chain.pem');
  expect(imported.code).toBe(0);
  for (const hash of ['-sha1', '-sha256']) {
    const [, hex = '?'] = desk.openssl('x509', '-in', 'signed.pem', '-noout', '-fingerprint', hash).trim().split('=');
    expect(imported.out).toContain(hex.replaceAll(':', ''));
  }
  await desk.json('ca', 'verify', 'line-3', '--code', code, '--out', 'proof.pem');
  expect(
    desk.openssl('verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'signed.pem', 'proof.pem'),
  ).toContain('OK');
  expect(desk.openssl('x509', '-in', 'proof.pem', '-noout', '-subject')).toBe(`subject=CN = ${code}\n`);

  await set(desk, (opened) => ordered(opened, 'spring', 'line-3', ['A-1', 'A-2', 'A-3']));
  requests(desk, 'csrs', ['a-1', 'a-2']);
  writeFileSync(desk.file('csrs/broken.csr'), 'garbage');
  const issued = await desk.run('ca', 'issue', '--csrs', 'csrs', '--order', 'spring', '--out', 'leaves');
  expect([issued.code, issued.out]).toEqual([1, '2 issued, 0 were there already, 1 refused: leaves\n']);
  expect(issued.err).toMatch(/^broken\.csr: expected a PEM block/m);
  const strict = ['verify', '-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'leaves/sn-a-1.pem'];
  expect(desk.openssl(...strict, 'leaves/sn-a-1.pem')).toBe('leaves/sn-a-1.pem: OK\n');
  expect(readFileSync(desk.file('leaves/sn-a-1.pem'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(3);

  await renewedAndRevoked(desk);
  await exported(desk);
  await ended(desk);
}, 90_000);

async function renewedAndRevoked(desk: Desk): Promise<void> {
  const { certificates } = (await desk.json('ca', 'find', '--unit', 'A-1')) as {
    certificates: { id: number; serialNumber: string }[];
  };
  const [{ id, serialNumber } = { id: 0, serialNumber: '' }] = certificates;
  await desk.json('ca', 'renew', String(id), '--out', 'renewed.pem');
  const keys = ['leaves/sn-a-1.pem', 'renewed.pem'].map((file) =>
    desk.openssl('x509', '-in', file, '-noout', '-pubkey'),
  );
  expect(keys[0]).toBe(keys[1]);
  await desk.json('ca', 'revoke', String(id), '--reason', 'superseded');
  await desk.json('units', 'scrap', 'A-2', '--reason', 'keyCompromise');
  const colons = serialNumber.toUpperCase().replace(/(..)(?=.)/g, '$1:');
  const today = new Date().toISOString().slice(0, 10);
  const found = await desk.run(
    'ca',
    'find',
    '--serial-number',
    colons,
    '--state',
    'revoked',
    '--to',
    today,
    '--out',
    'found.pem',
  );
  expect([found.code, found.out]).toEqual([
    0,
    expect.stringMatching(/registration +sn-a-1[\s\S]+revoked +\S+Z, superseded/),
  ]);
  expect(desk.openssl('x509', '-in', 'found.pem', '-noout', '-serial')).toContain(serialNumber.toUpperCase());
  await desk.json('ca', 'crl', 'line-3', '--out', 'list.pem', '--days', '7');
  expect(desk.paste('openssl crl -in list.pem -noout -verify -CAfile signed.pem 2>&1')).toContain('verify OK');
  const check = ['verify', '-crl_check', '-CRLfile', 'list.pem', '-CAfile', 'root.pem', '-untrusted', 'signed.pem'];
  for (const gone of ['leaves/sn-a-1.pem', 'leaves/sn-a-2.pem'])
    expect(desk.opensslFails(...check, gone)).toContain('certificate revoked');
  expect(desk.openssl(...check, 'renewed.pem')).toContain('OK');
}

const configuration = `[ca]
default_ca = line
[line]
database = index.txt
new_certs_dir = .
certificate = root.pem
private_key = root.key
default_md = sha256
`;

async function exported(desk: Desk): Promise<void> {
  await desk.json('ca', 'export', 'line-3', '--format', 'index', '--out', 'index.txt');
  writeFileSync(desk.file('ca.cnf'), configuration);
  expect(desk.opensslFails('ca', '-config', 'ca.cnf', '-updatedb')).toContain('it succeeded');
  const index = readFileSync(desk.file('index.txt'), 'utf8').split('\n');
  expect(index.map((line) => `${line[0] ?? ''} ${/CN=.*/.exec(line)?.[0] ?? ''}`)).toEqual([
    `V CN=${code}`,
    'R CN=sn-a-1',
    'R CN=sn-a-2',
    'V CN=sn-a-1',
    ' ',
  ]);
  const asCsv = { name: 'line-3', format: 'csv' } as const;
  const { text } = await set(desk, (opened) => callAgreed(opened, {}, 'ca.export', asCsv));
  const rows = parse<Record<string, string>>(text, { columns: true });
  expect(rows.map(({ registrationId, state, reason }) => [registrationId, state, reason])).toEqual([
    ['', 'issued', ''],
    ['sn-a-1', 'revoked', 'superseded'],
    ['sn-a-2', 'revoked', 'keyCompromise'],
    ['sn-a-1', 'issued', ''],
  ]);
}

async function ended(desk: Desk): Promise<void> {
  const quota = await desk.run('ca', 'quota', 'line-3', '4');
  expect([quota.code, quota.out]).toEqual([0, expect.stringMatching(/issued +3 of 4\n[\s\S]*$/)]);
  const slip = await desk.run('ca', 'destroy', 'line-3', '--crl', 'final.pem', '--confirm', 'line-2');
  expect([slip.code, slip.err]).toEqual([2, '--confirm: expected line-3, once more, found line-2. [input.invalid]\n']);
  await set(desk, (opened) => callAgreed(opened, {}, 'ca.retire', { name: 'line-3' }));
  const end = ['ca', 'destroy', 'line-3', '--crl', 'final.pem', '--confirm', 'line-3'];
  expect(await desk.json(...end)).toMatchObject({ number: 2 });
  expect(desk.openssl('crl', '-in', 'final.pem', '-noout', '-text').match(/Serial Number/g)).toHaveLength(2);
}

test('an intermediate below two CAs, from DER files in any order, written as Windows takes it', async () => {
  const desk = new Desk(temporaryFolder());
  await set(desk, async (opened) => {
    await begun(desk, opened, 'line-4');
    const owner = new Owner(desk);
    owner.authority('top');
    owner.authority('middle', 'top', { basic: 'critical,CA:TRUE,pathlen:1' });
    owner.sign('line-4.csr', 'middle', 'own');
    const files = ['top', 'own', 'middle'].map((name) => {
      desk.openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.cer`);
      return desk.file(`${name}.cer`);
    });
    await callAgreed(opened, {}, 'ca.import', { name: 'line-4', chain: readCertificates(files) });
    await ordered(opened, 'autumn', 'line-4', ['C-1']);
  });
  const { files } = await desk.json('ca', 'export-chain', 'line-4', '--format', 'cer', '--out', 'line-4.cer');
  expect(files).toEqual(['line-4-intermediate.cer', 'line-4-intermediate-2.cer', 'line-4-root.cer']);
  const text = (name: string) => readFileSync(desk.file(name), 'utf8');
  expect((files as string[]).map(text)).toEqual(['own.pem', 'middle.pem', 'top.pem'].map(text));
  requests(desk, 'csrs', ['c-1']);
  await desk.json('ca', 'issue', '--csrs', 'csrs/c-1.csr', '--order', 'autumn', '--out', 'leaves');
  const strict = [
    'verify',
    '-x509_strict',
    '-CAfile',
    'top.pem',
    '-untrusted',
    'leaves/sn-c-1.pem',
    'leaves/sn-c-1.pem',
  ];
  expect(desk.openssl(...strict)).toContain('OK');
}, 60_000);
