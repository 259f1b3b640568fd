// A device with a real TPM, driven by tpm2-tools: what it does with an activation blob, one command a step.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Swtpm, tools } from '../../../../suites/swtpm.ts';
import { ask, json, type Reply, service, type Target } from './raw.ts';

export type KeyType = 'rsa' | 'ecc';

/** The TPM2B_PUBLIC of both keys, in base64 as DPS takes them. */
export type DeviceKeys = { endorsementKey: string; storageRootKey: string };

const EK = '0x81010001';
const SRK = '0x81000001';
const SRK_ATTRIBUTES = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt';

/** Makes EK and SRK by the usual templates and keeps them at the usual handles. */
export async function makeKeys(tpm: Swtpm, ek: KeyType = 'rsa', srk: KeyType = 'rsa'): Promise<DeviceKeys> {
  const run = tools(tpm);
  await run('tpm2_createek', '-G', ek, '-c', EK, '-u', 'ek.pub', '-f', 'tss');
  const algorithm = srk === 'rsa' ? 'rsa2048:aes128cfb' : 'ecc256:aes128cfb';
  await run('tpm2_createprimary', '-C', 'o', '-g', 'sha256', '-G', algorithm, '-a', SRK_ATTRIBUTES, '-c', 'srk.ctx');
  await run('tpm2_evictcontrol', '-C', 'o', '-c', 'srk.ctx', SRK);
  await run('tpm2_flushcontext', '-t');
  await run('tpm2_readpublic', '-c', SRK, '-o', 'srk.pub', '-f', 'tss');
  return { endorsementKey: base64(tpm, 'ek.pub'), storageRootKey: base64(tpm, 'srk.pub') };
}

/** The blob's six structures, each with its size. */
export function structuresOf(authenticationKey: string): Buffer[] {
  const found: Buffer[] = [];
  let rest = Buffer.from(authenticationKey, 'base64');
  while (rest.length > 0) {
    const size = 2 + rest.readUInt16BE(0);
    found.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return found;
}

/**
 * Takes the key of a blob into the TPM (ActivateCredential, Import, Load), and gives what signs with it there. Sessions
 * and transient objects are flushed after each step, since the TPM has room for three.
 */
export async function activate(tpm: Swtpm, authenticationKey: string): Promise<Sign> {
  const run = tools(tpm);
  const [identity = '', secret = '', duplicate = '', seed = '', publicArea = ''] = structuresOf(authenticationKey);
  const write = (name: string, ...parts: (Buffer | string)[]) =>
    writeFileSync(join(tpm.folder, name), Buffer.concat(parts.map((part) => Buffer.from(part))));
  // tpm2-tools' own file of a credential begins with a magic number and a version.
  write('credential', Buffer.from('badcc0de00000001', 'hex'), identity, secret);
  write('duplicate', duplicate);
  write('seed', seed);
  write('key.pub', publicArea);
  await run('tpm2_startauthsession', '--policy-session', '-S', 'session');
  await run('tpm2_policysecret', '-S', 'session', '-c', 'e');
  await run('tpm2_activatecredential', '-c', SRK, '-C', EK, '-i', 'credential', '-o', 'inner', '-P', 'session:session');
  await run('tpm2_flushcontext', 'session');
  await run(
    'tpm2_import',
    '-C',
    SRK,
    '-i',
    'duplicate',
    '-s',
    'seed',
    '-u',
    'key.pub',
    '-k',
    'inner',
    '-r',
    'key.priv',
  );
  const context = `${randomUUID()}.ctx`;
  await run('tpm2_load', '-C', SRK, '-u', 'key.pub', '-r', 'key.priv', '-c', context);
  await run('tpm2_flushcontext', '-t');
  return async (text) => {
    write('signed', text);
    await run('tpm2_hmac', '-c', context, '-g', 'sha256', '-o', 'mac', 'signed');
    await run('tpm2_flushcontext', '-t');
    return readFileSync(join(tpm.folder, 'mac'));
  };
}

type Sign = (text: string) => Promise<Buffer>;

/** A token whose signature comes from a TPM. */
export async function tokenOf(target: Target, id: string, sign: Sign, se = Math.floor(Date.now() / 1000) + 600) {
  const sr = `${target.idScope}%2Fregistrations%2F${id}`;
  const sig = encodeURIComponent((await sign(`${sr}\n${se}`)).toString('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${se}&skn=registration`;
}

/** A call of a device, with what it says of its TPM and with a token, if it has them. */
export function tpmCall(
  target: Target,
  [method, tail]: readonly [string, string],
  id: string,
  { tpm, token }: { tpm?: object; token?: string },
): Promise<Reply> {
  const path = `/${target.idScope}/registrations/${id}${tail}?api-version=2021-06-01`;
  const headers = token === undefined ? {} : { Authorization: token };
  const body = method === 'GET' ? undefined : { registrationId: id, ...(tpm && { tpm }) };
  return ask(target, { method, path, host: target.deviceHost, headers, body });
}

export const REGISTER = ['PUT', '/register'] as const;

/** Gets a challenge and solves it: the token that the TPM then signs. */
export async function solved(target: Target, id: string, swtpm: Swtpm, tpm: DeviceKeys): Promise<string> {
  const reply = await tpmCall(target, REGISTER, id, { tpm });
  const { authenticationKey } = json(reply);
  if (typeof authenticationKey !== 'string') throw new Error(`no challenge: ${reply.text}`);
  return tokenOf(target, id, await activate(swtpm, authenticationKey));
}

/** Registers with a token and polls once; says the first refusal, or the operation's end. */
export async function outcome(target: Target, id: string, token: string, tpm?: DeviceKeys) {
  const first = await tpmCall(target, REGISTER, id, { token, ...(tpm && { tpm }) });
  if (first.status !== 202) return json(first);
  return json(await tpmCall(target, ['GET', `/operations/${String(json(first).operationId)}`], id, { token }));
}

/** PUTs an individual enrollment of a TPM. */
export function enrollTpm(target: Target, id: string, endorsementKey: string, more: object = {}, headers = {}) {
  const attestation = { type: 'tpm', tpm: { endorsementKey } };
  return service(target, 'PUT', `/enrollments/${id}`, { registrationId: id, attestation, ...more }, headers);
}

const base64 = (tpm: Swtpm, file: string) => readFileSync(join(tpm.folder, file)).toString('base64');
