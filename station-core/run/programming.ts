import type { Ended, Ending, ProgramJob } from '../../drivers/programmers/programmer.ts';
import { StationError } from '../contract/errors.ts';
import { type ProgrammerPlan, passedBy, templatesOf } from '../contract/programmer.ts';
import { isSecretArgument } from '../contract/secretive.ts';
import { fill, type TemplateValues } from '../contract/template.ts';
import type { Unit } from '../store/units.ts';

/**
 * What a unit's programmer is started with: the recipe's templates, filled for this unit, its lane's device and the image, where there is
 * one. Throws `input.invalid`, which names the place, for a word without a value, for a value that would be an option, and for one that
 * looks like a secret.
 */
export function jobOf(
  plan: ProgrammerPlan,
  unit: Unit,
  { device, imageFile }: { readonly device?: string | undefined; readonly imageFile?: string | undefined },
): ProgramJob {
  requireHarmless(plan, unit.facts);
  const own = {
    ...(unit.registrationId === null ? {} : { registrationId: unit.registrationId }),
    ...(device === undefined ? {} : { port: device }),
    ...(imageFile === undefined ? {} : { imageFile }),
  };
  const values = { serial: unit.serial, mac: unit.mac, facts: { ...unit.facts, ...own } };
  const { args, env = {}, deadlineSeconds, progress } = plan;
  return {
    args: args.map((template, at) => filled(template, values, `args.${at}`)),
    env: Object.fromEntries(
      Object.entries(env).map(([name, template]) => [name, filled(template, values, `env.${name}`)]),
    ),
    deadlineMs: deadlineSeconds * 1_000,
    ...(progress === undefined ? {} : { progress }),
  };
}

/** Orders say facts of their units, and whoever wrote one may have taken a password for a fact. */
function requireHarmless(plan: ProgrammerPlan, facts: Unit['facts']): void {
  const templates = templatesOf(plan);
  const used = Object.entries(facts).filter(([name]) => templates.some((one) => one.includes(`{${name}}`)));
  const [secret] = used.find(([, fact]) => isSecretArgument(fact)) ?? [];
  if (secret !== undefined) throw refused(`{${secret}}`, 'a fact that is no secret', 'what looks like one');
}

function filled(template: string, values: TemplateValues, place: string): string {
  if (template.includes('{port}') && values.facts.port === undefined)
    throw refused(place, 'a lane with a port', 'none');
  const text = fill(template, values);
  // A serial is data, and must not become an option of the program (CWE-88), or the name of a file with options (esptool's @).
  if (/^[-@]/.test(text) && !/^[-@]/.test(template))
    throw refused(place, 'a value that is no option', 'a dash or an @');
  if (text.includes('\0')) throw refused(place, 'a value without zero bytes', 'one');
  return text;
}

const refused = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place: `programmer, ${place}`, expected, found });

/** How a program ended, in a word for records and messages. */
export function endedAs(ending: Ending): string {
  switch (ending.how) {
    case 'exit':
      return `exit ${ending.code}`;
    case 'signal':
      return ending.signal;
    case 'late':
      return 'deadline';
    case 'stopped':
      return 'stopped';
    case 'not-started':
      return 'not started';
    case 'lost':
      return 'unwatched';
  }
}

/** Why the run cannot go on; nothing where the unit was programmed. What stopped the run says so itself. */
export function brokenBy(plan: ProgrammerPlan, { ending, printed }: Ended): StationError | undefined {
  const { name } = plan;
  const said = printed.said === '' ? 'it said nothing' : printed.said;
  switch (ending.how) {
    case 'exit':
      if (passedBy(plan).includes(ending.code)) return undefined;
      if (plan.failed?.includes(ending.code)) {
        return new StationError('unit.not-programmed', { name, code: ending.code, said });
      }
      return new StationError('programmer.broke', { name, ended: endedAs(ending), said });
    case 'late':
      return new StationError('programmer.late', { name, seconds: plan.deadlineSeconds, said });
    case 'not-started':
      return new StationError('programmer.not-started', { name, reason: ending.reason });
    case 'signal':
    case 'stopped':
    case 'lost':
      return new StationError('programmer.broke', { name, ended: endedAs(ending), said });
  }
}
