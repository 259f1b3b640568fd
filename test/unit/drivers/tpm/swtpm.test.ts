import { execFile } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TpmCommands } from '../../../../drivers/tpm/commands.ts';
import { makeCredential } from '../../../../drivers/tpm/credential.ts';
import { nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { activationTemplate, ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import type { EkKind } from '../../../../drivers/tpm/unit-tpm.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { challengeFor, refusedAs, unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;
const run = promisify(execFile);

const overTcp = (certificates: boolean) => async () => {
  const swtpm = await makeSwtpm({ certificates });
  return {
    open: async () => openTpm(await toPort(swtpm.port)),
    loaded: async () => loadedIn(await toPort(swtpm.port)),
    hasCertificate: certificates,
    end: () => swtpm.stop(),
  };
};

unitTpmSuite('raw commands over TCP to swtpm with certificates', overTcp(true));
unitTpmSuite('raw commands over TCP to an swtpm that was never set up', overTcp(false));

let swtpm: Swtpm;
let empty: Swtpm;
beforeAll(async () => {
  [swtpm, empty] = await Promise.all([makeSwtpm({ certificates: true }), makeSwtpm()]);
});
afterAll(async () => {
  await Promise.all([swtpm.stop(), empty.stop()]);
});

async function ours(of: Swtpm, kind: EkKind) {
  const tpm = openTpm(await toPort(of.port));
  try {
    return await tpm.endorsement({ kind }, never);
  } finally {
    await tpm.close();
  }
}

test.each([
  ['rsa2048', 'rsa'],
  ['p256', 'ecc'],
] as const)('a created endorsement key %s is byte for byte what tpm2_createek makes', async (kind, algorithm) => {
  const tool = tools(empty);
  await tool('tpm2_createek', '-c', `${kind}.ctx`, '-G', algorithm, '-u', `${kind}.pub`, '-f', 'tss');
  await tool('tpm2_flushcontext', '-t');
  const key = await ours(empty, kind);
  expect(key).toMatchObject({ origin: 'created', template: 'standard' });
  expect(key.public).toEqual(await readFile(join(empty.folder, `${kind}.pub`)));
});

test.each([
  ['rsa2048', 0x8101_0001],
  ['high-p384', 0x8101_0016],
] as const)('a persistent endorsement key %s is byte for byte what tpm2_readpublic reads', async (kind, handle) => {
  await tools(swtpm)('tpm2_readpublic', '-c', `0x${handle.toString(16)}`, '-f', 'tss', '-o', `${kind}.pub`);
  const key = await ours(swtpm, kind);
  expect(key).toMatchObject({ origin: 'persistent', at: handle });
  expect(key.public).toEqual(await readFile(join(swtpm.folder, `${kind}.pub`)));
});

test('a created P-384 key of the high range is the one that swtpm_setup made persistent', async () => {
  const persistent = await ours(swtpm, 'high-p384');
  await tools(swtpm)('tpm2_evictcontrol', '-C', 'o', '-c', '0x81010016').catch(() => undefined);
  const again = await ours(swtpm, 'high-p384');
  expect(again.public).toEqual(persistent.public);
});

test('the certificates are those of tpm2_getekcertificate and tpm2_nvread, and openssl follows both to their root', async () => {
  const tool = tools(swtpm);
  const { certificate: rsa } = await ours(swtpm, 'rsa2048');
  const { certificate: ecc } = await ours(swtpm, 'high-p384');
  await tool('tpm2_getekcertificate', '-o', 'rsa.der', '-o', 'ecc.der');
  await tool('tpm2_nvread', '0x1c00016', '-C', '0x1c00016', '-o', 'p384.der');
  expect(rsa?.bytes).toEqual(await readFile(join(swtpm.folder, 'rsa.der')));
  expect(ecc?.bytes).toEqual(await readFile(join(swtpm.folder, 'p384.der')));
  expect(ecc?.index).toBe(0x01c0_0016);
  const [root = '', issuer = ''] = swtpm.issuerFiles;
  for (const [name, found] of Object.entries({ rsa, ecc })) {
    const file = join(swtpm.folder, `${name}.pem`);
    await writeFile(file, new X509Certificate(found?.bytes ?? Buffer.alloc(0)).toString());
    const { stdout } = await run('openssl', ['verify', '-CAfile', root, '-untrusted', issuer, file]);
    expect(stdout).toContain('OK');
  }
});

test('a challenge of tpm2_makecredential and one of ours give the same secret out of the same TPM', async () => {
  const tpm = openTpm(await toPort(swtpm.port));
  const secret = randomBytes(32);
  const challenge = await challengeFor(tpm, 'rsa2048', secret);
  const { public: ek } = await tpm.endorsement({ kind: 'rsa2048' }, never);
  const { public: key } = await tpm.activationKey(never);
  await writeFile(join(swtpm.folder, 'ek.tss'), ek);
  await writeFile(join(swtpm.folder, 'secret'), secret);
  const name = nameOf(readPublicArea(key, 'key')).toString('hex');
  // With the TCTI none it computes like us, without a TPM.
  await tools(swtpm)('tpm2_makecredential', '-T', 'none', '-u', 'ek.tss', '-s', 'secret', '-n', name, '-o', 'theirs');
  const file = await readFile(join(swtpm.folder, 'theirs'));
  expect(file.subarray(0, 8).toString('hex')).toBe('badcc0de00000001');
  const credential = file.subarray(8, 10 + file.readUInt16BE(8));
  const theirs = { credential, secret: file.subarray(8 + credential.length) };
  expect(theirs.credential).toHaveLength(challenge.credential.length);
  expect(theirs.secret).toHaveLength(challenge.secret.length);
  expect(await tpm.activate(theirs, never)).toEqual(secret);
  expect(await tpm.activate(challenge, never)).toEqual(secret);
  await tpm.close();
});

test.each(['rsa', 'ecc'] as const)(
  'tpm2_activatecredential opens a challenge of ours for an %s key',
  async (algorithm) => {
    const tool = tools(empty);
    await tool('tpm2_flushcontext', '-t');
    const kind = algorithm === 'rsa' ? 'rsa2048' : 'p256';
    await tool('tpm2_createek', '-c', 'act-ek.ctx', '-G', algorithm, '-u', 'act-ek.pub', '-f', 'tss');
    await tool('tpm2_createprimary', '-C', 'o', '-c', 'act-key.ctx');
    await tool('tpm2_readpublic', '-c', 'act-key.ctx', '-f', 'tss', '-o', 'act-key.pub');
    await tool('tpm2_flushcontext', '-t');
    const file = (name: string) => join(empty.folder, name);
    const ek = readPublicArea(await readFile(file('act-ek.pub')), 'EK');
    const name = nameOf(readPublicArea(await readFile(file('act-key.pub')), 'key'));
    const secret = randomBytes(32);
    const { credential, secret: seed } = makeCredential(ek, name, secret);
    await writeFile(file('blob'), Buffer.concat([Buffer.from('badcc0de00000001', 'hex'), credential, seed]));
    await tool('tpm2_startauthsession', '--policy-session', '-S', 's.ctx');
    await tool('tpm2_policysecret', '-S', 's.ctx', '-c', 'e');
    await tool(
      ...([
        'tpm2_activatecredential',
        '-c',
        'act-key.ctx',
        '-C',
        'act-ek.ctx',
        '-i',
        'blob',
        '-o',
        `${kind}.out`,
      ] as const),
      ...(['-P', 'session:s.ctx'] as const),
    );
    await tool('tpm2_flushcontext', 's.ctx');
    expect(await readFile(file(`${kind}.out`))).toEqual(secret);
  },
);

test('what a dead station left loaded is flushed when its room is needed, and what we use ourselves is not', async () => {
  await tools(empty)('tpm2_flushcontext', '-t');
  const dead = await toPort(empty.port);
  const left = new TpmCommands(dead);
  for (let made = 0; made < 3; made += 1) await left.createPrimary(0x4000_000b, undefined, activationTemplate, never);
  await dead.close();
  expect(await loadedIn(await toPort(empty.port))).toBe(3);
  const tpm = openTpm(await toPort(empty.port));
  const secret = randomBytes(32);
  expect(await tpm.activate(await challengeFor(tpm, 'p256', secret), never)).toEqual(secret);
  await tpm.close();
  expect(await loadedIn(await toPort(empty.port))).toBe(0);
});

/** What tpm2_createprimary -u reads: an RSA buffer, or a point as it lies in memory, sizes in the machine's order. */
function uniqueFile(kind: 'rsa2048' | 'p256', nonce: Buffer): Buffer {
  const part = (content: Buffer, length: number, room: number) => {
    const bytes = Buffer.alloc(2 + room);
    bytes.writeUInt16LE(length);
    bytes.set(content, 2);
    return bytes;
  };
  if (kind === 'rsa2048') return part(nonce, 256, 256);
  return Buffer.concat([part(nonce, 32, 128), part(Buffer.alloc(0), 32, 128)]);
}

// tpm2_createek -t cannot be asked: up to 5.4 it copies the nonce's address instead of the nonce.
test('sessions that a dead station left are flushed when their room is needed', async () => {
  const dead = await toPort(empty.port);
  const left = new TpmCommands(dead);
  for (let started = 0; started < 3; started += 1) await left.startPolicySession('sha256', never);
  await dead.close();
  expect(await loadedIn(await toPort(empty.port))).toBe(3);
  const tpm = openTpm(await toPort(empty.port));
  const secret = randomBytes(32);
  expect(await tpm.activate(await challengeFor(tpm, 'p256', secret), never)).toEqual(secret);
  await tpm.close();
  expect(await loadedIn(await toPort(empty.port))).toBe(0);
});

test.each([
  ['rsa2048', 0x01c0_0003, 'rsa2048:aes128cfb'],
  ['p256', 0x01c0_000b, 'ecc256:aes128cfb'],
] as const)(
  'nonce and template of the TPM’s own indices make the key %s that tpm2_createprimary makes',
  async (kind, index, algorithm) => {
    const own = await makeSwtpm();
    const file = (name: string) => join(own.folder, name);
    const define = async (at: number, bytes: Buffer) => {
      const hex = `0x${at.toString(16)}`;
      const attributes = 'ownerread|authread|ownerwrite';
      await writeFile(file('content'), bytes);
      await tools(own)('tpm2_nvdefine', hex, '-C', 'o', '-s', String(bytes.length), '-a', attributes);
      await tools(own)('tpm2_nvwrite', hex, '-C', 'o', '-i', 'content');
    };
    try {
      const nonce = randomBytes(32);
      const plain = await ours(own, kind);
      await define(index, nonce);
      const changed = await ours(own, kind);
      expect([plain.template, changed.template]).toEqual(['standard', 'nonce']);
      expect(changed.public).not.toEqual(plain.public);
      await writeFile(file('unique'), uniqueFile(kind, nonce));
      await writeFile(file('policy'), readPublicArea(plain.public, 'EK').authPolicy);
      const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|restricted|decrypt';
      const what = ['-C', 'e', '-g', 'sha256', '-G', algorithm, '-a', attributes, '-L', 'policy', '-u', 'unique'];
      await tools(own)('tpm2_createprimary', ...what, '-c', 'nonce.ctx');
      await tools(own)('tpm2_readpublic', '-c', 'nonce.ctx', '-f', 'tss', '-o', 'nonce.pub');
      await tools(own)('tpm2_flushcontext', '-t');
      expect(changed.public).toEqual(await readFile(file('nonce.pub')));
      await define(index + 1, ekTemplate(kind));
      expect(await ours(own, kind)).toMatchObject({ template: 'nv', public: changed.public });
    } finally {
      await own.stop();
    }
  },
);

test('another key at the handle that devices register with is refused by name', async () => {
  const own = await makeSwtpm();
  try {
    const tool = tools(own);
    await tool('tpm2_createprimary', '-C', 'e', '-c', 'other.ctx', '-G', 'ecc');
    await tool('tpm2_evictcontrol', '-C', 'o', '-c', 'other.ctx', '0x81010001');
    await tool('tpm2_flushcontext', '-t');
    const error = await refusedAs(ours(own, 'rsa2048'), 'tpm.key-refused');
    expect(error.message).toContain('0x81010001');
  } finally {
    await own.stop();
  }
});

test('the authorisation of the endorsement hierarchy opens it, and a missing or wrong one is refused', async () => {
  const own = await makeSwtpm();
  try {
    await tools(own)('tpm2_changeauth', '-c', 'e', 'hierarchy-password');
    const attempt = async (endorsementAuth?: Buffer) => {
      const tpm = openTpm(await toPort(own.port));
      try {
        const auth = endorsementAuth ? { endorsementAuth } : {};
        const { public: ek } = await tpm.endorsement({ kind: 'p256', ...auth }, never);
        const { public: key } = await tpm.activationKey(never);
        const name = nameOf(readPublicArea(key, 'key'));
        return await tpm.activate(makeCredential(readPublicArea(ek, 'EK'), name, Buffer.alloc(32, 7)), never);
      } finally {
        await tpm.close();
      }
    };
    await refusedAs(attempt(), 'tpm.auth');
    await refusedAs(attempt(Buffer.from('another')), 'tpm.auth');
    expect(await attempt(Buffer.from('hierarchy-password'))).toEqual(Buffer.alloc(32, 7));
    const tpm = openTpm(await toPort(own.port));
    expect(await tpm.describe(never)).toMatchObject({ endorsementAuthSet: true, ownerAuthSet: false });
    await tpm.close();
  } finally {
    await own.stop();
  }
});

test('a TPM that was cleared keeps its endorsement key (F-97)', async () => {
  const before = await ours(empty, 'rsa2048');
  await tools(empty)('tpm2_clear', '-c', 'p');
  expect((await ours(empty, 'rsa2048')).public).toEqual(before.public);
});
