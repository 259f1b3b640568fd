// Modules that boot, lose what they say, say it damaged, and lines whose other end is no module.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { AtLine } from '../../../../drivers/protocols/at-modem-line.ts';
import type { ModemAccess } from '../../../../drivers/protocols/protocol.ts';
import {
  hurriedModem,
  hurriedModemPatience,
  type ModemBench,
  type ModemOptions,
  modemAccess,
  modemImei,
  modemUuid,
  startModem,
} from '../../../suites/modem-bench.ts';
import { info, refusal } from '../../../suites/protocol.suite.ts';
import { chainFor, chainObject, requestedKey } from '../../../suites/unit-certificates.ts';

const never = new AbortController().signal;
let bench: ModemBench | undefined;
afterEach(async () => {
  await bench?.end();
  bench = undefined;
});

/** Everything that a run asks of a module; answers what it holds then. */
async function provisioned(options: ModemOptions, access: ModemAccess = modemAccess) {
  bench = await startModem(options);
  const session = await hurriedModem.open(await bench.openLink(), never, { modem: access });
  const identity = await session.identity(never);
  await session.provision(info, never);
  const key = requestedKey(await session.makeKey({ operation: randomBytes(16), algorithm: 'p256' }, never));
  const { operation = Buffer.alloc(0) } = await session.status(never);
  await session.stage(chainObject(operation, chainFor(key)), never);
  await session.commit(operation, never);
  const status = await session.status(never);
  await session.leave();
  return { identity, status, session };
}

const good = { status: { state: 'committed' }, identity: { serial: modemImei } } as const;
const names = ['%CMNG', '%KEYGEN', '+CGSN', '+CFUN', '+CGMI', '+CGMM', '+CGMR', '+CMEE'];

describe('a module', () => {
  test.each(names)('whose answer to %s is lost is asked again', async (name) => {
    expect(await provisioned({ loses: [name, name] })).toMatchObject(good);
  });

  test.each(['%CMNG', '%KEYGEN', '+CGSN'])('whose answer to %s arrives damaged is asked again', async (name) => {
    expect(await provisioned({ damages: [name, name] })).toMatchObject(good);
  });

  test.each(['%CMNG', '%KEYGEN', '+CFUN'])('that mishears %s ends up with the same', async (name) => {
    expect(await provisioned({ mishears: [name], mode: 1 })).toMatchObject(good);
  });

  test('in the middle of its boot is called until it answers', async () => {
    expect(await provisioned({ deaf: 5, unasked: true })).toMatchObject(good);
  });

  test('is called by its UUID where the recipe says so', async () => {
    expect(await provisioned({}, { ...modemAccess, serial: 'uuid' })).toMatchObject({
      identity: { serial: modemUuid },
    });
  });

  test('whose IMEI lost a digit is none that the station takes', async () => {
    bench = await startModem({ imei: '490154203237519' });
    const session = await hurriedModem.open(await bench.openLink(), never, { modem: modemAccess });
    await refusal(session.identity(never), 'unit.garbled');
  });

  test('gets the CA certificates of its servers under the same tag, once', async () => {
    const roots = chainFor(requestedKey(await keyOf())).toString('latin1');
    await bench?.end();
    const { status } = await provisioned({ mode: 1 }, { ...modemAccess, roots });
    expect(status).toMatchObject(good.status);
    const kept = JSON.parse(readFileSync(bench?.memory ?? '', 'utf8')) as { type: number; content: string }[];
    const found = kept.filter(({ type }) => type === 0).map(({ content }) => Buffer.from(content, 'base64').toString());
    expect(found).toEqual([roots]);
  });

  test('that cannot use a certificate says so in words', async () => {
    bench = await startModem();
    const modem = { ...modemAccess, roots: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' };
    const session = await hurriedModem.open(await bench.openLink(), never, { modem });
    const { details } = await refusal(session.provision(info, never), 'unit.refused');
    expect(details).toEqual({ what: 'the CA certificates', reason: 'it cannot use the certificate' });
  });

  test.each([0, 1, 21])('found in mode %i is left in it', async (mode) => {
    const { session } = await provisioned({ mode });
    expect(session.hello).toMatchObject({ simulated: true, storage: 'tee' });
    const raw = new AtLine((await bench?.openLink()) ?? fail(), hurriedModemPatience);
    const { lines } = await raw.ask({ command: 'AT+CFUN?', what: 'its mode' }, never);
    expect(lines).toContain(`+CFUN: ${mode}`);
  });

  test('without its security tag in the recipe is not spoken to', async () => {
    bench = await startModem();
    await refusal(hurriedModem.open(await bench.openLink(), never, {}), 'recipe.unsupported');
  });
});

const fail = (): never => {
  throw new Error('there is no link');
};

async function keyOf(): Promise<Buffer> {
  bench = await startModem();
  const session = await hurriedModem.open(await bench.openLink(), never, { modem: modemAccess });
  await session.provision(info, never);
  return session.makeKey({ operation: randomBytes(16), algorithm: 'p256' }, never);
}
