import { isSetBack } from './ca/clock.ts';
import type { Method, Result } from './contract/api.ts';
import type { ClockView } from './contract/clock.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { builtOn } from './version.ts';

type ClockMethod = Extract<Method, `clock.${string}`>;

/** The calls about the station's clock. */
export function clockHandlers(station: Station): Pick<Handlers, ClockMethod> {
  return {
    'clock.show': async () => show(station),
    'clock.confirm': ({ at }, by) => confirmClock(station, Date.parse(at), by),
  };
}

function show({ audit, parts }: Station): ClockView {
  const [now, newest] = [parts.clock.now(), audit.latestAt()];
  const trust = parts.clockTrust?.() ?? 'unknown';
  const shown = { at: new Date(now).toISOString(), newest: new Date(newest).toISOString(), trust };
  if (isSetBack(now, newest)) return { ...shown, wrong: 'before-newest' };
  if (isSetBack(now, Date.parse(builtOn))) return { ...shown, wrong: 'before-build' };
  return shown;
}

/** The watch shows minutes, perhaps: within a minute of it the clock is right. */
const watchMs = 60_000;

async function confirmClock(
  { records, audit, operators, parts }: Station,
  told: number,
  by: By,
): Promise<Result<'clock.confirm'>> {
  const now = parts.clock.now();
  const [at, before] = [now, audit.latestAt()].map((ms) => new Date(ms).toISOString()) as [string, string];
  if (Math.abs(now - told) > watchMs) {
    throw new StationError('ca.clock', { reason: `it says ${at}, and the watch ${new Date(told).toISOString()}` });
  }
  await records.commits.commit(() => {
    audit.append({ action: 'clock.confirmed', result: 'ok', ...people(operators, by), details: { at, before } });
    audit.confirmClock(now);
  });
  return { at, before };
}
