// What a station says to a unit in its life, recorded frame by frame, for the agent's own programs (drivers/protocols/agent/test).
import { createHash, randomBytes } from 'node:crypto';
import { FrameDecoder } from '../../drivers/frames/framer.ts';
import { Ephemeral } from '../../drivers/protocols/channel.ts';
import type { CredentialObject, UnitSession } from '../../drivers/protocols/protocol.ts';
import type { UnitsTpm } from '../../drivers/simulated/unit/units-tpm.ts';
import { FaultyUnit, loopFacts } from './loop.ts';
import { hurried } from './patience.ts';
import { info, symmetricKey } from './protocol.suite.ts';
import { chainObject, keyObject, sentKey } from './unit-certificates.ts';
import { sealTo } from './units-tpm.ts';

const never = new AbortController().signal;
type Named = CredentialObject & { readonly operation: Buffer };

const first = symmetricKey();
const second = { ...symmetricKey(1_500), replaces: first.operation };
const sent = sentKey();
const certified = { ...keyObject(randomBytes(16), sent.key), replaces: second.operation };
const registered = { registrationId: info.registrationId } as const;
const agreed = { ...symmetricKey(), delivery: 'channel', ...registered, replaces: certified.operation } as const;
/** In the order in which they are in force. */
const credentials: readonly Named[] = [first, second, certified, agreed];

async function install(session: UnitSession, credential: Named): Promise<void> {
  const { operation } = credential;
  await session.stage(credential, never);
  if (credential === certified) await session.stage(chainObject(operation, sent.chain), never);
  await session.commit(operation, never);
  await session.prove(operation, info.registrationId, Buffer.alloc(32, 7), never);
  if (credential === certified) await session.readChain(operation, never);
}

/** What a unit is asked that has no part in which credential is in force. */
async function askAll(session: UnitSession, tpm: UnitsTpm): Promise<void> {
  const file = { path: '/etc/unit/config.toml', mode: 0o600, bytes: randomBytes(1_200) };
  await session.writeFile(file, never);
  await session.writeFile({ ...file, path: '/etc/unit/id.pem' }, never);
  const to = await sealTo(tpm);
  const sealed = { ...symmetricKey(), delivery: 'sealed', ...registered, sealTo: to } as const;
  await session.stage({ ...sealed, replaces: agreed.operation }, never);
  const opened = await session.tpm(never);
  await opened.describe(never);
  await opened.close();
  await session.makeKey({ operation: randomBytes(16), algorithm: 'p256', replaces: agreed.operation }, never);
}

/**
 * The lines of a corpus: every frame of a unit's life until it is locked, and every key that may be in force meanwhile. With a TPM
 * what is sealed to it, files and a key of the unit's own are asked for as well.
 */
export async function recordCorpus(tpm?: UnitsTpm): Promise<string> {
  // The unit of the agent's tests has this pair as well, so that what was recorded opens.
  const given = { ephemeral: () => Ephemeral.of(Buffer.alloc(32, 0x5a)), ...(tpm && { tpm }) };
  const link = new FaultyUnit(loopFacts, {}, undefined, given).link();
  const session = await hurried((ms) => Math.max(8, ms / 40)).open(link, never);
  await session.identity(never);
  await session.provision(info, never);
  for (const credential of credentials) await install(session, credential);
  if (tpm) await askAll(session, tpm);
  await session.lock(agreed.operation, never);
  const frames = link.written.flatMap(({ bytes }) => new FrameDecoder().push(bytes));
  const keys = credentials.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
  return [...frames.map((frame) => `frame ${frame.toString('hex')}`), ...keys.map((key) => `key ${key}`), ''].join(
    '\n',
  );
}
