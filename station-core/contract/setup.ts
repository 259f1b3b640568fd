import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';
import type { Invited } from './people.ts';
import { budgetSchema, deviceEndpoint, idScope, lanesSchema, path, placeSchema, tokenLabel } from './station-file.ts';

// Set-up: what a folder without a station is asked and told, before it becomes one. Nothing is made before `setup.create`.

const personName = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));

/** The station's name is in the origin of its audit log, and people read it on every screen. */
const stationName = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(80), z.regex(/^[^\p{Cc}]*$/u, 'a name without control characters'));

/** A token by its module's file and its label. */
export const tokenSchema = z.strictObject({ module: path, tokenLabel });

export const lookSchema = z.strictObject({
  /** A module that is at none of the places where makers put theirs. */
  module: z.exactOptional(path),
});

export const reachSchema = z.strictObject({ deviceEndpoint });

const shared = {
  name: stationName,
  place: z.exactOptional(placeSchema),
  lanes: lanesSchema,
};

export const createSchema = z.discriminatedUnion('mode', [
  /** Simulated units, a soft HSM, the emulator: no account, no network, ready-made people. */
  z.strictObject({ mode: z.literal('practice'), ...shared }),
  z.strictObject({
    mode: z.literal('production'),
    ...shared,
    hsm: tokenSchema,
    dps: z.strictObject({ idScope, deviceEndpoint }),
    budgetPerMinute: budgetSchema,
    lead: personName,
    officer: personName,
  }),
]);
export type SetupPlan = z.output<typeof createSchema>;

/** A token as its module tells of it; nobody has logged in. */
export type TokenFound = {
  readonly label: string;
  readonly serial: string;
  readonly model: string;
  readonly maker: string;
  readonly firmware: string;
  readonly initialised: boolean;
  /** CKF_USER_PIN_* of CK_TOKEN_INFO, the worst first. */
  readonly pin: 'locked' | 'final-try' | 'count-low' | 'not-set' | 'fine';
  /** The PIN is typed at the device itself. */
  readonly keypad: boolean;
  /** Software that calls itself a token: production refuses it. */
  readonly simulated: boolean;
};

/** A PKCS#11 module that was found, with its tokens or why it could not be asked. */
export type ModuleFound = { readonly path: string; readonly maker: string } & (
  | { readonly tokens: readonly TokenFound[] }
  | { readonly problem: ErrorData }
);

/** What could be found out about this machine; `unknown` says that nothing could. */
export type MachineFound = {
  /** Whether the disk with the station's folder is encrypted (docs/decisions.md: encryption at rest). */
  readonly disk: 'encrypted' | 'clear' | 'unknown';
  readonly clock: 'synchronised' | 'unsynchronised' | 'unknown';
  readonly swap: 'none' | 'encrypted' | 'clear' | 'unknown';
  readonly coreDumps: 'off' | 'on' | 'unknown';
};

export type SetupLook = { readonly modules: readonly ModuleFound[]; readonly machine: MachineFound };

/** A serial port by its place, and what is plugged in there, as far as the system says. */
export type PortFound = { readonly path: string; readonly device: string; readonly about: string };

/** Whether the host that units register with can be reached from here, and by whom it says that it is. */
export type Reach =
  | { readonly reached: true; readonly host: string; readonly address: string; readonly issuer: string }
  | {
      readonly reached: false;
      readonly host: string;
      readonly why: 'name' | 'refused' | 'timeout' | 'certificate' | 'other';
      readonly reason: string;
    };

/** The first people of a production station, each with the code that lets them choose a PIN: shown once. None in practice. */
export type SetUp = { readonly station: string; readonly people: readonly Required<Invited>[] };
