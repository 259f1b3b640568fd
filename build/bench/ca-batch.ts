import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, writeCsrInfo } from '../../drivers/asn1/csr.ts';
import { writePem } from '../../drivers/asn1/pem.ts';
import { csrsIn, issueAll } from '../../station-core/cli/ca-issue.ts';
import { sentence } from '../../station-core/contract/errors.ts';
import { openStation } from '../../station-core/open-station.ts';
import { actor, practiceConfig, recipeOf } from '../../station-core/practice.ts';
import { makeSoftHsm } from '../../test/suites/softhsm.ts';
import type { Bench } from './bench.ts';

const count = 10_000;
/** The two take turns, so that a machine that others use is no fairer to one of them. */
const rounds = 3;

/**
 * Batch issuing with SoftHSM, next to `openssl ca -batch` on the same CSRs with a software key, in one run; the medians of both.
 * Ours has a durable intent, audit entries, lints and a self-check for each certificate; openssl has none of those.
 */
export const caBatch: Bench = {
  about: `${count} P-256 certificates from CSRs, next to openssl ca`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    try {
      const ids = Array.from({ length: count }, (_, index) => `b-${String(index + 1).padStart(6, '0')}`);
      const csrs = join(folder, 'csrs');
      writeCsrs(csrs, ids);
      const openssl: number[] = [];
      const ours: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        const place = join(folder, `${round}`);
        openssl.push(opensslCa(place, csrs));
        ours.push(await station(place, csrs, ids));
        rmSync(place, { recursive: true });
      }
      return {
        certificates: count,
        oursPerSecond: Math.round(median(ours)),
        opensslPerSecond: Math.round(median(openssl)),
        ratio: Math.round((median(ours) / median(openssl)) * 100) / 100,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const median = (figures: readonly number[]): number =>
  figures.toSorted((one, other) => one - other)[figures.length >> 1] ?? Number.NaN;

function writeCsrs(folder: string, ids: readonly string[]): void {
  mkdirSync(folder);
  for (const id of ids) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const info = writeCsrInfo([{ type: 'CN', value: id }], publicKey.export({ type: 'spki', format: 'der' }));
    const csr = assemble(info, 'ecdsa-sha256', sign('sha256', info, privateKey));
    writeFileSync(join(folder, `${id}.csr`), writePem('CERTIFICATE REQUEST', csr));
  }
}

/** Certificates a second of `openssl ca`, with the same extensions. */
function opensslCa(folder: string, csrs: string): number {
  const ca = join(folder, 'openssl');
  mkdirSync(join(ca, 'out'), { recursive: true });
  writeFileSync(join(ca, 'index.txt'), '');
  writeFileSync(join(ca, 'ca.cnf'), configuration(ca));
  const run = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: csrs, stdio: ['ignore', 'ignore', 'ignore'] });
  const root = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'];
  run(...root, '-subj', '/CN=bench', '-keyout', join(ca, 'ca.key'), '-out', join(ca, 'ca.pem'));
  const began = performance.now();
  run('ca', '-batch', '-notext', '-config', join(ca, 'ca.cnf'), '-infiles', ...readdirSync(csrs));
  const perSecond = count / ((performance.now() - began) / 1_000);
  const made = readdirSync(join(ca, 'out')).length;
  if (made !== count) throw new TypeError(`openssl made ${made} of ${count} certificates`);
  return perSecond;
}

const configuration = (ca: string) => `[ca]
default_ca = bench
[bench]
database = ${ca}/index.txt
new_certs_dir = ${ca}/out
certificate = ${ca}/ca.pem
private_key = ${ca}/ca.key
rand_serial = yes
default_days = 730
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/** Certificates a second of the station: from the files to the files, as the command does it. */
async function station(folder: string, csrs: string, ids: readonly string[]): Promise<number> {
  const token = await makeSoftHsm('bench');
  Object.assign(process.env, token.environment);
  const home = join(folder, 'station');
  const out = join(folder, 'out');
  mkdirSync(join(home, 'practice'), { recursive: true });
  mkdirSync(out);
  const { module, tokenLabel } = token;
  const config = { ...practiceConfig(1), hsm: { kind: 'pkcs11', module, tokenLabel } };
  writeFileSync(join(home, 'station.json'), JSON.stringify(config));
  const opened = await openStation(home, { pin: token.pin() }, 'bench');
  try {
    const lead = { actor: actor(opened.station, 'lead') };
    const recipe = { ...(await recipeOf(opened.station, 'x509-group')), registrationId: '{serial}' };
    await opened.station.call(
      'orders.create',
      { name: 'bench', recipe, units: ids.map((serial) => ({ serial })) },
      lead,
    );
    await opened.station.call('orders.arm', { order: 'bench' }, lead);
    const began = performance.now();
    const refused = new Set<string>();
    const tally = await issueAll(opened.station, 'bench', csrsIn(csrs), lead.actor, out, (fared) => {
      for (const { error } of fared) if (error) refused.add(sentence(error));
    });
    const perSecond = count / ((performance.now() - began) / 1_000);
    if (tally.issued !== count)
      throw new TypeError(`${tally.issued} of ${count} certificates were issued: ${[...refused].join(' ')}`);
    return perSecond;
  } finally {
    await opened.close();
    await token.dispose();
  }
}
