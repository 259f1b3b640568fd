// Certificates that swtpm_setup made: not ours, and like those of makers in all but who stands behind them.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readChain, readEkCertificate } from '../../../../drivers/tpm/ek-certificate.ts';
import { readPublicArea } from '../../../../drivers/tpm/public.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import type { EkKind, Endorsement, TpmDescription } from '../../../../drivers/tpm/unit-tpm.ts';
import { pinOf } from '../../../../station-core/ca/given.ts';
import { judge } from '../../../../station-core/genuine/accept.ts';
import { checkEkCertificate } from '../../../../station-core/genuine/chain.ts';
import { readVendorRoots } from '../../../../station-core/genuine/roots.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../suites/swtpm.ts';
import { toPort } from '../../../suites/tpm-tcp.ts';

const signal = new AbortController().signal;
const kinds = ['rsa2048', 'high-p384'] as const satisfies EkKind[];
const indices = { rsa2048: '0x1c00002', 'high-p384': '0x1c00016' } as const;
type Found = { readonly tpm: TpmDescription; readonly keys: Readonly<Record<(typeof kinds)[number], Endorsement>> };

let swtpms: readonly Swtpm[];
let ours: Found;
let others: Found;
beforeAll(async () => {
  swtpms = await Promise.all([makeSwtpm({ certificates: true }), makeSwtpm({ certificates: true })]);
  [ours, others] = (await Promise.all(swtpms.map(foundIn))) as [Found, Found];
});
afterAll(() => Promise.all(swtpms.map((swtpm) => swtpm.stop())));

async function foundIn({ port }: Swtpm): Promise<Found> {
  const tpm = openTpm(await toPort(port));
  try {
    const said = await tpm.describe(signal);
    const rsa2048 = await tpm.endorsement({ kind: 'rsa2048' }, signal);
    return { tpm: said, keys: { rsa2048, 'high-p384': await tpm.endorsement({ kind: 'high-p384' }, signal) } };
  } finally {
    await tpm.close();
  }
}

const rootsOf = (swtpm: Swtpm | undefined) =>
  readVendorRoots((swtpm?.issuerFiles ?? []).map((name) => ({ name, bytes: readFileSync(name) })));

function check(key: Endorsement, { certificate, at }: { certificate?: Buffer; at?: number } = {}, from = swtpms[0]) {
  const bytes = certificate ?? key.certificate?.bytes ?? Buffer.of();
  const roots = rootsOf(from);
  return checkEkCertificate({
    certificate: readEkCertificate(bytes, 'NV'),
    ekPublicKey: readPublicArea(key.public, 'EK').key,
    pool: [...roots, ...readChain(key.chain)],
    pins: new Set(roots.slice(0, 1).map(pinOf)),
    at: at ?? Date.now() + 60_000,
  });
}

describe.each(kinds)('%s', (kind) => {
  test('the certificate leads to the root that swtpm’s CA made, and says that it is swtpm', () => {
    const checked = check(ours.keys[kind]);
    expect(checked).toEqual({
      tpm: { manufacturer: '00001014', model: 'swtpm', version: expect.stringMatching(/^id:\d+$/) },
      path: ['CN=swtpm-localca', 'CN=swtpm-localca-rootca'],
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('it is what tpm2-tools read out of NV, and openssl agrees about its path', async () => {
    const [swtpm] = swtpms;
    if (!swtpm) throw new TypeError('swtpm runs');
    const tool = tools(swtpm);
    const bytes = await tool('tpm2_nvread', indices[kind]);
    expect(bytes).toEqual(ours.keys[kind].certificate?.bytes);
    expect(check(ours.keys[kind], { certificate: bytes }).path).toHaveLength(2);
    await tool('tpm2_nvread', indices[kind], '-o', `${kind}.der`);
    await tool('openssl', 'x509', '-inform', 'der', '-in', `${kind}.der`, '-out', `${kind}.pem`);
    const [rootFile = '', issuerFile = ''] = swtpm.issuerFiles;
    const verify = ['verify', '-ignore_critical', '-CAfile', rootFile, '-untrusted', issuerFile, `${kind}.pem`];
    expect((await tool('openssl', ...verify)).toString()).toBe(`${kind}.pem: OK\n`);
  });

  test('the certificate of another swtpm is for another key', () => {
    const certificate = others.keys[kind].certificate?.bytes ?? Buffer.of();
    expect(() => check(ours.keys[kind], { certificate })).toThrow(
      expect.objectContaining({ code: 'ek.certificate-other-key' }),
    );
  });

  test('another swtpm’s root, of the same name, is not its', () => {
    expect(() => check(ours.keys[kind], {}, swtpms[1])).toThrow(
      expect.objectContaining({
        code: 'ek.root-unknown',
        details: { issuer: expect.stringMatching(/CN=swtpm-localca is missing/) },
      }),
    );
  });

  test('it is not good before it was made, and good in the last second of 9999', () => {
    expect(() => check(ours.keys[kind], { at: Date.now() - 86_400_000 })).toThrow(
      expect.objectContaining({ code: 'ek.certificate-expired' }),
    );
    expect(check(ours.keys[kind], { at: Date.parse('9999-12-31T23:59:59Z') }).path).toHaveLength(2);
  });

  test('production refuses it as a program, although all else is right, and practice takes it', () => {
    const found = {
      certificate: { state: 'good', ...check(ours.keys[kind]) },
      possession: 'proven',
      tpm: ours.tpm,
      simulated: false,
    } as const;
    expect(judge(found, 'certificate', 'production')).toMatchObject({
      accepted: false,
      error: { code: 'ek.software' },
    });
    expect(judge(found, 'certificate', 'practice')).toMatchObject({ accepted: true });
    // A program that hides what it is behind a maker's words is betrayed by who signed its certificate.
    const disguised = {
      ...found,
      certificate: { ...found.certificate, tpm: { manufacturer: 'IFX', model: 'SLB 9670' } },
      tpm: { manufacturer: 'IFX', vendor: 'SLB9670' },
    };
    expect(judge(disguised, 'certificate', 'production')).toMatchObject({
      error: { code: 'ek.software', details: { what: expect.stringMatching(/own CA/) } },
    });
  });
});
