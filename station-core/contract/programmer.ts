import * as z from 'zod/mini';
import type { Recipe } from './recipe.ts';
import type { Run } from './run.ts';
import { isSecretArgument, namesSecret } from './secretive.ts';
import { fillsFromEk } from './template.ts';

// External programmers: programs of others that write a unit's firmware as the first step of its run (F-71; docs/programmers.md).

const programmerName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'the name of a programmer: lower-case letters, digits, dots, dashes'));

const absolutePath = z
  .string()
  .check(z.maxLength(4_096), z.regex(/^(?:\/|[A-Za-z]:[\\/])[^\p{Cc}]*$/u, 'an absolute path'));

/** The programmers of a station, by the name that recipes call them. */
export const programmersSchema = z
  .record(
    programmerName,
    z.strictObject({
      path: absolutePath,
      /** SHA-256 of the program's file in hex, compared before each start. */
      sha256: z.exactOptional(z.string().check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256, 64 lower-case hex digits'))),
    }),
  )
  .check(z.refine((all) => Object.keys(all).length <= 64, 'at most 64 programmers'));
export type ProgrammerPlaces = z.output<typeof programmersSchema>;

/** What stands in braces: words of the station, or a fact that the unit's order gives it. */
const words = ['serial', 'mac', 'registrationId', 'port'] as const;
const isFact = (word: string): boolean => /^[a-z][a-z0-9_]{0,31}$/.test(word) && !namesSecret(word);

const inBraces = /\{([^{}]*)\}/g;
const wordsOf = (template: string): string[] => [...template.matchAll(inBraces)].map(([, word = '']) => word);
const withoutWords = (template: string): string => template.replaceAll(inBraces, '');

const template = (known: ReadonlySet<string>) =>
  z.string().check(
    z.maxLength(1_024),
    z.regex(/^[^\p{Cc}]*$/u, 'a text without control characters'),
    z.refine(
      (text) => wordsOf(text).every((word) => known.has(word) || isFact(word)) && !/[{}]/.test(withoutWords(text)),
      `in braces ${[...known].map((word) => `{${word}}`).join(', ')} or a fact of the order that is no secret`,
    ),
    z.refine((text) => !isSecretArgument(withoutWords(text)), 'no secret: everybody on the machine can read it'),
  );

/** What the loader takes other code from: with it a pinned program is not what runs. */
const variable = z.string().check(
  z.regex(/^(?!LD_|DYLD_|BIRTHMARK_)[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a variable that is none of the loader’s'),
  z.refine((name) => !namesSecret(name), 'a variable that holds no secret'),
);

const exitCode = z.int().check(z.gte(0), z.lte(0xffff_ffff));
const exitCodes = z.array(exitCode).check(z.minLength(1), z.maxLength(32));

/** How the percent in a line of the program's output are found: text as it stands there, `*` for any, and `{percent}`. */
const progressPattern = z.string().check(
  z.maxLength(200),
  z.regex(
    /^(?:[^*{}\p{Cc}]{0,100}\*){0,4}[^*{}\p{Cc}]{0,100}\{percent\}[^*{}\p{Cc}]{0,100}$/u,
    'a text with {percent} once, and * for any text in front of it',
  ),
  z.refine((text) => /[^\s*]/.test(text.replace('{percent}', '')), 'some text beside {percent}'),
);

/** A program with what it is started with; `more`: words that stand in its braces beside those of every program. */
export const programmerFor = (more: readonly string[] = []) => {
  const known: ReadonlySet<string> = new Set([...words, ...more]);
  return z
    .strictObject({
      name: programmerName,
      args: z.array(template(known)).check(z.maxLength(64)),
      /** Beside these it gets PATH, LANG, HOME and TMPDIR, and nothing that the station was started with. */
      env: z.exactOptional(
        z
          .record(variable, template(known))
          .check(z.refine((env) => Object.keys(env).length <= 32, 'at most 32 variables')),
      ),
      deadlineSeconds: z.int().check(z.gte(1), z.lte(3_600)),
      /** Exit codes that say that the unit was programmed; 0, when left out. */
      passed: z.exactOptional(exitCodes),
      /** Exit codes that say that the unit is to blame. All others blame the station. */
      failed: z.exactOptional(exitCodes),
      progress: z.exactOptional(progressPattern),
    })
    .check(z.refine((plan) => passedBy(plan).every((code) => !plan.failed?.includes(code)), 'every exit code once'));
};

/** The program that writes the unit's firmware, before anything else is done with the unit. */
export const programmerSchema = programmerFor();
export type ProgrammerPlan = z.output<typeof programmerSchema>;

export const passedBy = ({ passed }: { readonly passed?: readonly number[] }): readonly number[] => passed ?? [0];

/** Every template that is filled for the program. */
export const templatesOf = ({ args, env = {} }: Pick<ProgrammerPlan, 'args' | 'env'>): readonly string[] => [
  ...args,
  ...Object.values(env),
];

/** Whether the program uses the lane's port. */
export const usesPort = (plan: ProgrammerPlan): boolean => templatesOf(plan).some((one) => one.includes('{port}'));

export const programmerAgreements: readonly (readonly [
  expected: string,
  holds: (recipe: Pick<Recipe, 'registrationId'> & { readonly programmer?: ProgrammerPlan }) => boolean,
])[] = [
  [
    'no {registrationId} for the programmer, since it follows from an endorsement key that is read afterwards',
    ({ registrationId, programmer }) =>
      !fillsFromEk(registrationId) ||
      programmer === undefined ||
      !templatesOf(programmer).some((one) => one.includes('{registrationId}')),
  ],
];

export const whichOutput = z.strictObject({ run: z.int().check(z.gte(1)) });

/** What a programmer printed during a run, as far as it is kept, and how it ended. */
export type ProgramOutput = {
  readonly run: number;
  readonly programmer: string;
  /** SHA-256 of the program's file as it was started, hex. */
  readonly program: string;
  /** How it ended: `exit 2`, `SIGSEGV`, `deadline`, … */
  readonly ended: string;
  /** Bytes that it printed altogether. */
  readonly bytes: number;
  /** Head and tail of it in lines; what looked like a secret was left out before it was kept. */
  readonly text: string;
  /** SHA-256 of the record, hex: what the entry of the run's end says. */
  readonly sha256: string;
};

/** A run with what its programmer printed; null where it had none, or where that was erased. */
export type PrintedRun = { readonly run: Run; readonly output: ProgramOutput | null };
