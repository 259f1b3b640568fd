// The unit's TPM over its console, compared byte for byte with what tpm2-tools and raw commands say of the same TPM.
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLinuxConsole } from '../../../../drivers/protocols/linux-console.ts';
import { makeCredential } from '../../../../drivers/tpm/credential.ts';
import { nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { ekTemplate } from '../../../../drivers/tpm/templates.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import { type EkKind, ekKinds, type UnitTpm } from '../../../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { type Conversation, converse, hurriedPatience } from '../../../suites/linux-console-bench.ts';
import { appears, programAt } from '../../../suites/linux-unit.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { makeSwtpm, type Swtpm, tools } from '../../../suites/swtpm.ts';
import { loadedIn, toPort } from '../../../suites/tpm-tcp.ts';
import { challengeFor } from '../../../suites/unit-tpm.suite.ts';

const never = new AbortController().signal;
let swtpm: Swtpm;
let conversation: Conversation;
let tpm: UnitTpm;
let run: ReturnType<typeof tools>;
const file = (name: string) => readFile(join(swtpm.folder, name));

async function begin(options: { readonly certificates: boolean }): Promise<void> {
  swtpm = await makeSwtpm(options);
  run = tools(swtpm);
  conversation = await converse({ shell: 'dash', tcti: swtpm.tcti });
  tpm = await conversation.session.tpm(never);
}
afterEach(async () => {
  await tpm.close();
  await conversation.end();
  await swtpm.stop();
});

/** What raw commands say of the same TPM. */
async function raw<T>(ask: (unitTpm: UnitTpm) => Promise<T>): Promise<T> {
  const unitTpm = openTpm(await toPort(swtpm.port));
  try {
    return await ask(unitTpm);
  } finally {
    await unitTpm.close();
  }
}

async function define(index: string, content: Buffer): Promise<void> {
  await writeFile(join(swtpm.folder, 'content'), content);
  const attributes = 'ppwrite|writedefine|ppread|ownerread|authread|no_da|platformcreate';
  await run('tpm2_nvdefine', index, '-C', 'p', '-s', `${content.length}`, '-a', attributes);
  await run('tpm2_nvwrite', index, '-C', 'p', '-i', 'content');
}

describe('a TPM as its maker delivers it', () => {
  beforeEach(() => begin({ certificates: true }));

  test('gives its persistent keys and their certificates as tpm2-tools read them', async () => {
    await run('tpm2_readpublic', '-c', '0x81010001', '-f', 'tss', '-o', 'rsa');
    await run('tpm2_readpublic', '-c', '0x81010016', '-f', 'tss', '-o', 'ecc');
    await run('tpm2_nvread', '0x01c00002', '-o', 'rsa-certificate');
    await run('tpm2_nvread', '0x01c00016', '-o', 'ecc-certificate');
    expect(await tpm.endorsement({ kind: 'rsa2048' }, never)).toEqual({
      kind: 'rsa2048',
      public: await file('rsa'),
      origin: 'persistent',
      at: 0x8101_0001,
      template: 'standard',
      certificate: { index: 0x01c0_0002, bytes: await file('rsa-certificate') },
      chain: [],
    });
    const high = await tpm.endorsement({ kind: 'high-p384' }, never);
    expect(high).toMatchObject({ public: await file('ecc'), origin: 'persistent', at: 0x8101_0016 });
    expect(high.certificate).toEqual({ index: 0x01c0_0016, bytes: await file('ecc-certificate') });
  });

  test('gives the certificate that tpm2_getekcertificate gives', async () => {
    await run('tpm2_getekcertificate', '-o', 'first', '-o', 'second');
    const { certificate } = await tpm.endorsement({ kind: 'rsa2048' }, never);
    expect(certificate?.bytes.subarray(0, (await file('first')).length)).toEqual(await file('first'));
  });

  test('gives the chain that lies beside the certificate, in its order', async () => {
    const pieces = [randomBytes(700), randomBytes(900)];
    await define('0x01c00100', pieces[0] ?? Buffer.alloc(0));
    await define('0x01c00101', pieces[1] ?? Buffer.alloc(0));
    expect((await tpm.endorsement({ kind: 'rsa2048' }, never)).chain).toEqual(pieces);
  });

  test('opens a challenge that tpm2_makecredential made, and none that was made for another name', async () => {
    for (const kind of ['rsa2048', 'p256', 'high-p384'] as const) {
      const { public: ek } = await tpm.endorsement({ kind }, never);
      const { name } = await tpm.activationKey(never);
      const secret = randomBytes(32);
      await writeFile(join(swtpm.folder, 'ek'), ek);
      await writeFile(join(swtpm.folder, 'secret'), secret);
      await run(
        'tpm2_makecredential',
        '-T',
        'none',
        '-u',
        'ek',
        '-s',
        'secret',
        '-n',
        name.toString('hex'),
        '-o',
        'blob',
      );
      const blob = await file('blob');
      const length = 2 + blob.readUInt16BE(8);
      const challenge = { credential: blob.subarray(8, 8 + length), secret: blob.subarray(8 + length) };
      expect(await tpm.activate(challenge, never)).toEqual(secret);
    }
  });

  test('says what raw commands say of it', async () => {
    expect(await tpm.describe(never)).toEqual(await raw((unitTpm) => unitTpm.describe(never)));
  });

  test('another key where devices look for theirs is refused', async () => {
    await run('tpm2_evictcontrol', '-C', 'o', '-c', '0x81010001');
    await run('tpm2_createek', '-G', 'ecc', '-c', '0x81010001');
    await refusal(tpm.endorsement({ kind: 'rsa2048' }, never), 'tpm.key-refused');
    expect(await tpm.endorsement({ kind: 'p256' }, never)).toMatchObject({ origin: 'persistent', at: 0x8101_0001 });
  });
});

describe('a TPM that is empty', () => {
  beforeEach(() => begin({ certificates: false }));

  test.each(ekKinds)('makes the endorsement key %s that raw commands make', async (kind) => {
    const made = await tpm.endorsement({ kind }, never);
    expect(made).toEqual(await raw((unitTpm) => unitTpm.endorsement({ kind }, never)));
    expect(made).toMatchObject({ origin: 'created', template: 'standard' });
  });

  test.each([
    ['rsa2048', 'rsa'],
    ['p256', 'ecc'],
  ] as const)('makes the key %s that tpm2_createek makes', async (kind, algorithm) => {
    await run('tpm2_createek', '-G', algorithm, '-c', 'context', '-u', 'public');
    await run('tpm2_flushcontext', '-t');
    expect((await tpm.endorsement({ kind }, never)).public).toEqual(await file('public'));
  });

  const nonce = Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1));
  const smaller = Buffer.concat([ekTemplate('rsa2048').subarray(0, -258), Buffer.from([0, 0])]);
  test.each([
    ['rsa2048', 'a nonce', { '0x01c00003': nonce }, 'nonce'],
    ['p256', 'a nonce', { '0x01c0000b': nonce }, 'nonce'],
    ['rsa2048', 'a template', { '0x01c00004': smaller }, 'nv'],
    ['p256', 'a template', { '0x01c0000c': ekTemplate('high-p256') }, 'nv'],
    ['rsa2048', 'both', { '0x01c00003': nonce, '0x01c00004': ekTemplate('rsa2048') }, 'nv'],
  ] as const)('makes the key %s by %s of its own as raw commands do', async (kind: EkKind, _, indices, template) => {
    const standard = await tpm.endorsement({ kind }, never);
    for (const [index, content] of Object.entries(indices)) await define(index, content);
    const made = await tpm.endorsement({ kind }, never);
    expect(made).toEqual(await raw((unitTpm) => unitTpm.endorsement({ kind }, never)));
    expect(made.template).toBe(template);
    expect(made.public.equals(standard.public)).toBe(false);
    const secret = randomBytes(32);
    expect(await tpm.activate(await challengeFor(tpm, kind, secret), never)).toEqual(secret);
  });

  test('is authorised with any bytes, in a file that is gone afterwards, and on no command line', async () => {
    const password = Buffer.from("\x00\x01'$(x)\xff", 'latin1');
    await run('tpm2_changeauth', '-c', 'e', `hex:${password.toString('hex')}`);
    const { public: ek } = await tpm.endorsement({ kind: 'high-rsa2048', endorsementAuth: password }, never);
    const { public: key } = await tpm.activationKey(never);
    const secret = randomBytes(32);
    const challenge = makeCredential(readPublicArea(ek, 'EK'), nameOf(readPublicArea(key, 'key')), secret);
    expect(await tpm.activate(challenge, never)).toEqual(secret);
    const typed = Buffer.concat(conversation.unit.typed).toString('latin1').split('\n');
    const showing = typed.filter((line) => line.includes(password.toString('hex')));
    expect(showing.length).toBeGreaterThan(0);
    // A shell's own printf is no process; what would be one gets the file.
    expect(showing.filter((line) => !/^\d+ [0-9a-f]{12} printf %b 'hex:[0-9a-f]+' >>"\$F"$/.test(line))).toEqual([]);
    await refusal(tpm.endorsement({ kind: 'p256' }, never), 'tpm.auth');
  });

  test('has room although an earlier conversation left it full', async () => {
    for (const name of ['one', 'two', 'three']) await run('tpm2_createprimary', '-C', 'n', '-G', 'ecc', '-c', name);
    const secret = randomBytes(32);
    expect(await tpm.activate(await challengeFor(tpm, 'high-p384', secret), never)).toEqual(secret);
  });

  test('keeps the objects of others, and nothing of ours', async () => {
    await tpm.close();
    await run('tpm2_createprimary', '-C', 'n', '-G', 'ecc', '-c', 'theirs');
    tpm = await conversation.session.tpm(never);
    await challengeFor(tpm, 'p256', randomBytes(32));
    await tpm.close();
    expect(await loadedIn(await toPort(swtpm.port))).toBe(1);
  });

  test('is asked in a folder that is gone afterwards, and was ours alone', async () => {
    const typed = () => Buffer.concat(conversation.unit.typed).toString('latin1');
    const [, place = '', name = ''] =
      /mkdir -m 700 (\S+)\/birthmark-"\$\{Y##\*\/\}"\.([0-9a-f]{16})/.exec(typed()) ?? [];
    const folders = () => readdirSync(place).filter((one) => one.endsWith(name));
    expect(folders()).toHaveLength(1);
    await tpm.close();
    expect(folders()).toEqual([]);
  });

  test('in lockout says so', async () => {
    await run('tpm2_dictionarylockout', '-s', '-n', '1', '-t', '1000', '-l', '1000');
    await run('tpm2_createprimary', '-C', 'o', '-G', 'ecc', '-c', 'primary', '-p', 'right', '-a', daKey);
    await run('tpm2_flushcontext', '-t');
    const wrong = run('tpm2_create', '-C', 'primary', '-P', 'wrong', '-G', 'ecc', '-u', 'u', '-r', 'r');
    await expect(wrong).rejects.toThrow('DA counter incremented');
    await run('tpm2_flushcontext', '-t');
    expect(await tpm.describe(never)).toMatchObject({ inLockout: true });
  });
  const daKey = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt';

  test('that is asked in vain is given up with the caller’s reason, and asked again', async () => {
    const secret = randomBytes(32);
    const challenge = await challengeFor(tpm, 'rsa2048', secret);
    const tool = join(conversation.unit.folder, 'bin', 'tpm2_policysecret');
    rmSync(tool);
    const script = `#!${programAt('sh')}\n>"$HOME/asking"\nexec ${programAt('sleep')} 1000\n`;
    writeFileSync(tool, script, { mode: 0o755 });
    const asking = appears(conversation.unit.folder, 'asking');
    const stop = new AbortController();
    const asked = refusal(tpm.activate(challenge, stop.signal), 'run.aborted');
    await asking;
    stop.abort(new StationError('run.aborted', { who: 'a test' }));
    await asked;
    rmSync(tool);
    symlinkSync(programAt('tpm2_policysecret') ?? '', tool);
    expect(await tpm.activate(challenge, never)).toEqual(secret);
    await tpm.close();
    expect(await loadedIn(await toPort(swtpm.port))).toBe(0);
  });

  test('whose tool never ends is told by what it was asked', async () => {
    await tpm.close();
    await conversation.end();
    const protocol = createLinuxConsole({ ...hurriedPatience, tool: 600, leave: 600 });
    conversation = await converse({ shell: 'dash', tcti: swtpm.tcti }, {}, protocol);
    const tool = join(conversation.unit.folder, 'bin', 'tpm2_getcap');
    rmSync(tool);
    writeFileSync(tool, `#!${programAt('sh')}\nexec ${programAt('sleep')} 1000\n`, { mode: 0o755 });
    const error = await refusal(conversation.session.tpm(never), 'console.no-prompt');
    expect(error.details).toEqual({ what: 'end of TPM2_GetCapability', seconds: 1 });
    expect((await conversation.session.identity(never)).serial).toBe('SN-LINUX-1');
  });

  test('that loses its power in the middle is said to be missing, and closing it throws nothing', async () => {
    await tpm.endorsement({ kind: 'p256' }, never);
    await swtpm.stop();
    await refusal(tpm.activationKey(never), 'tpm.missing');
    await tpm.close();
  });

  test('whose tools answer something else is garbled, and their words stay on the unit', async () => {
    const tool = join(conversation.unit.folder, 'bin', 'tpm2_getcap');
    rmSync(tool);
    writeFileSync(tool, `#!${programAt('sh')}\necho 'PRIVATE WORDS: 1'\n`, { mode: 0o755 });
    expect((await refusal(tpm.describe(never), 'tpm.garbled')).message).not.toContain('PRIVATE');
    await refusal(tpm.endorsement({ kind: 'p256' }, never), 'tpm.garbled');
    writeFileSync(tool, `#!${programAt('sh')}\necho 'ERROR: PRIVATE WORDS' >&2; exit 1\n`, { mode: 0o755 });
    const error = await refusal(tpm.describe(never), 'console.failed');
    expect(error.details).toEqual({ what: 'TPM2_GetCapability', code: 1 });
  });

  test('whose key has another name than follows from it is no TPM', async () => {
    const tool = join(conversation.unit.folder, 'bin', 'tpm2_readpublic');
    const real = programAt('tpm2_readpublic');
    rmSync(tool);
    const script = `${real} "$@" || exit; for o; do :; done; printf '\\000\\013%032d' 0 >"$o"`;
    writeFileSync(tool, `#!${programAt('sh')}\n${script}\n`, { mode: 0o755 });
    await refusal(tpm.endorsement({ kind: 'p256' }, never), 'tpm.name-differs');
  });
});

test('a unit whose tools find no TPM has none', async () => {
  const { session, end } = await converse({ shell: 'dash', tcti: 'swtpm:host=127.0.0.1,port=1' });
  try {
    const error = await refusal(session.tpm(never), 'tpm.missing');
    expect(error.details).toEqual({ what: 'its tpm2-tools reach none' });
    expect((await session.identity(never)).serial).toBe('SN-LINUX-1');
  } finally {
    await end();
  }
});
