// The simulated module against the documents that it is written from, asked without the station's driver.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csrSignatureHolds, readCsr } from '../../../../drivers/asn1/csr.ts';
import { readModemFaults } from '../../../../drivers/simulated/modem/faults.ts';
import { SimulatedModem } from '../../../../drivers/simulated/modem/modem.ts';
import { certificateRequest } from '../../../../drivers/simulated/modem/request.ts';
import { modemImei, modemUuid } from '../../../suites/modem-bench.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { chainFor } from '../../../suites/unit-certificates.ts';

function modem(faults: object = {}, memory = join(temporaryFolder(), 'memory')) {
  const one = new SimulatedModem(
    { imei: modemImei, uuid: modemUuid, mode: 0 },
    memory,
    readModemFaults(faults),
    () => undefined,
  );
  const say = (command: string) => one.receive(Buffer.from(`${command}\r\n`, 'latin1')).toString('latin1');
  say('ATE0');
  say('AT+CMEE=1');
  return { say, memory };
}

test('a module writes what it is told under a tag once, in quotes with line feeds, and lists its SHA-256', () => {
  const { say, memory } = modem();
  const chain = chainFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey).toString('latin1');
  expect(say(`AT%CMNG=0,7,1,"${chain}"`)).toBe('\r\nOK\r\n');
  expect(say(`AT%CMNG=0,7,1,"${chain}"`)).toBe('\r\n+CME ERROR: 519\r\n');
  const digest = createHash('sha256').update(chain).digest('hex').toUpperCase();
  expect(say('AT%CMNG=1,7')).toBe(`\r\n%CMNG: 7,1,"${digest}"\r\n\r\nOK\r\n`);
  expect(say('AT%CMNG=1,8')).toBe('\r\nOK\r\n');
  expect(say('AT%CMNG=2,7,1')).toBe('\r\n+CME ERROR: 514\r\n');
  expect(statSync(memory).mode & 0o777).toBe(0o600);
  expect(modem({}, memory).say('AT%CMNG=1')).toContain(digest);
  expect(say('AT%CMNG=3,7,1')).toBe('\r\nOK\r\n');
  expect(say('AT%CMNG=3,7,1')).toBe('\r\n+CME ERROR: 513\r\n');
});

test('a module refuses what its documents refuse, by number', () => {
  const { say } = modem();
  expect(say('AT+XYZ')).toBe('\r\nERROR\r\n');
  expect(say('no command')).toBe('\r\nERROR\r\n');
  expect(say('AT%CMNG=0,7,1,"no certificate"')).toContain('527');
  expect(say(`AT%CMNG=0,7,1,"${'-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n'}"`)).toContain(
    '527',
  );
  expect(say('AT%CMNG=0,4294967295,2,"x"')).toContain('50');
  expect(say('AT+CFUN=1')).toContain('OK');
  expect(say('AT%CMNG=3,7,1')).toContain('518');
  expect(say('AT%KEYGEN=7,2,0')).toContain('518');
  expect(say(`AT%CMNG=0,7,2,"${'x'.repeat(5_000)}"`)).toBe('\r\nERROR\r\n');
  say('AT+CMEE=0');
  expect(say('AT%CMNG=3,7,1')).toBe('\r\nERROR\r\n');
});

test('a key is made once under a tag, and its request is openssl’s and the station’s alike, with the NULL of real modules', () => {
  const { say, memory } = modem();
  const said = say('AT%KEYGEN=7,2,0,"O=Acme,CN=unit-1"');
  const der = Buffer.from(/"([^."]+)\./.exec(said)?.[1] ?? '', 'base64url');
  const path = join(temporaryFolder(), 'csr');
  writeFileSync(path, der);
  const words = ['req', '-inform', 'DER', '-in', path, '-noout', '-text', '-verify'];
  expect(execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toMatch(
    /Subject: O = Acme, CN = unit-1[\s\S]*Digital Signature, Non Repudiation, Key Encipherment, Key Agreement/,
  );
  const csr = readCsr(der, 'a request');
  expect([csr.signatureAlgorithm, csrSignatureHolds(csr)]).toEqual(['ecdsa-sha256', true]);
  expect(der.includes(Buffer.from('300c06082a8648ce3d0403020500', 'hex'))).toBe(true);
  expect(say('AT%KEYGEN=7,2,0')).toContain('519');
  const [kept] = JSON.parse(readFileSync(memory, 'utf8')) as { content: string }[];
  const key = createPrivateKey({ key: Buffer.from(kept?.content ?? '', 'base64'), format: 'der', type: 'pkcs8' });
  expect(createPublicKey(key).equals(csr.publicKey.key)).toBe(true);
});

test('without a name the request has the UUID of the module', () => {
  const said = modem().say('AT%KEYGEN=7,2,0');
  const der = Buffer.from(/"([^."]+)\./.exec(said)?.[1] ?? '', 'base64url');
  expect(readCsr(der, 'a request').subject).toEqual([{ type: 'CN', value: modemUuid }]);
});

test('a request with other parameters than a NULL is refused as before', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = certificateRequest(privateKey, [['2.5.4.3', 'unit-1']]);
  const at = der.indexOf(Buffer.from('06082a8648ce3d0403020500', 'hex')) + 10;
  der[at] = 0x04;
  expect(() => readCsr(der, 'a request')).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});
