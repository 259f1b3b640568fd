/** Clocks are set by a second or so all the time; more than a minute back is a clock that lies. */
const slackMs = 60_000;

/** Whether a clock says a time before one that has been, by more than clocks are set by. Unix milliseconds. */
export const isSetBack = (now: number, been: number): boolean => now < been - slackMs;

/**
 * Why a clock cannot be right, or nothing (docs/decisions.md, clock): it is before the newest record that this station
 * wrote, before the program was built, or outside the issuer's validity. All in Unix milliseconds.
 */
export function clockProblem(
  now: number,
  known: { readonly newest: number; readonly built: number },
  issuer: { readonly notBefore: number; readonly notAfter: number },
): string | undefined {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  if (isSetBack(now, known.newest)) return `it says ${day(now)}, and the newest record is of ${day(known.newest)}`;
  if (isSetBack(now, known.built)) return `it says ${day(now)}, and this program was built on ${day(known.built)}`;
  if (now < issuer.notBefore) return `it says ${day(now)}, and the issuer is valid from ${day(issuer.notBefore)}`;
  if (now > issuer.notAfter) return `it says ${day(now)}, and the issuer was valid until ${day(issuer.notAfter)}`;
  return undefined;
}
