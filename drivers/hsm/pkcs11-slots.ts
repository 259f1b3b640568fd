import { fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type ErrorData, StationError } from '../../station-core/contract/errors.ts';
import type { TokenFound } from '../../station-core/contract/setup.ts';
import { CKF } from './cryptoki.ts';

/** A module that does not answer by then is ended; some look for devices on the network first. */
const deadlineMs = 10_000;

const entry = join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? 'pkcs11-slots.main.ts' : 'pkcs11-slots.main.js',
);

const text = z.string().check(z.maxLength(64));

/** CK_TOKEN_INFO, as far as it is told here. */
const tokenInfo = z.strictObject({
  label: text,
  serial: text,
  model: text,
  manufacturer: text,
  firmware: text,
  flags: z.number(),
});
export type TokenInfo = z.output<typeof tokenInfo>;

const answerSchema = z.union([
  z.strictObject({ tokens: z.array(tokenInfo).check(z.maxLength(1_000)) }),
  z.strictObject({ problem: z.string().check(z.maxLength(200)) }),
]);
export type SlotsAnswer = z.output<typeof answerSchema>;

/**
 * The tokens of a PKCS#11 module, asked for in a process of its own that ends then: a vendor's library may hang or crash. Nobody
 * logs in. Throws `hsm.down` that says why.
 */
export function tokensOf(module: string, signal?: AbortSignal): Promise<readonly TokenFound[]> {
  const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'json' });
  return new Promise((resolve, reject) => {
    const end = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      child.kill('SIGKILL');
      act();
    };
    const fail = (what: string) => end(() => reject(new StationError('hsm.down', { what })));
    const timer = setTimeout(() => fail(`no answer in ${deadlineMs} ms`), deadlineMs);
    const aborted = () => end(() => reject(signal?.reason as Error));
    signal?.addEventListener('abort', aborted);
    child.once('error', () => fail('its process could not be started'));
    child.once('exit', (code, by) => fail(by === null ? `its process ended with code ${code}` : `it ended by ${by}`));
    child.once('message', (message) => {
      const answer = z.safeParse(answerSchema, message);
      if (!answer.success) fail('it told nonsense of its tokens');
      else if ('problem' in answer.data) fail(answer.data.problem);
      else {
        const tokens = answer.data.tokens.map(tokenFound);
        end(() => resolve(tokens));
      }
    });
    child.send({ module });
  });
}

/** What people need to know of a token, from its CK_TOKEN_INFO (PKCS#11 v2.40, section 3.3). Pure. */
export function tokenFound({ label, serial, model, manufacturer, firmware, flags }: TokenInfo): TokenFound {
  return {
    label,
    serial,
    model,
    maker: manufacturer,
    firmware,
    initialised: has(flags, CKF.TOKEN_INITIALIZED),
    pin:
      pinStates.find(([flag]) => has(flags, flag))?.[1] ?? (has(flags, CKF.USER_PIN_INITIALIZED) ? 'fine' : 'not-set'),
    keypad: has(flags, CKF.PROTECTED_AUTHENTICATION_PATH),
    simulated: /softhsm/i.test(`${model} ${manufacturer}`),
  };
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** The worst first. */
const pinStates = [
  [CKF.USER_PIN_LOCKED, 'locked'],
  [CKF.USER_PIN_FINAL_TRY, 'final-try'],
  [CKF.USER_PIN_COUNT_LOW, 'count-low'],
] as const;

/** Why a module could not be asked, as data. */
export const moduleProblem = (thrown: unknown): ErrorData =>
  thrown instanceof StationError
    ? thrown.toData()
    : new StationError('hsm.down', { what: 'it could not be asked' }).toData();
