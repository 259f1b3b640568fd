import { StationError } from '../../station-core/contract/errors.ts';

// What a ZPL printer answers to ~HS: three strings, each from STX to ETX, of fields between commas (Zebra, ZPL II Programming
// Guide, ~HS, Host Status Return).

export type HostStatus = {
  readonly paperOut: boolean;
  readonly paused: boolean;
  readonly headOpen: boolean;
  readonly ribbonOut: boolean;
  readonly tooHot: boolean;
  readonly tooCold: boolean;
  /** Formats that it has and has not begun, and labels of the one that it prints. */
  readonly waiting: number;
};

const stx = '\u0002';
const etx = '\u0003';
const strings = 3;
/** Of the first string: paper out, paused, formats in the receive buffer, under and over temperature. */
const [paper, pause, formats, cold, hot] = [1, 2, 4, 10, 11] as const;
/** Of the second string: head up, ribbon out, labels remaining. */
const [head, ribbon, remaining] = [2, 3, 8] as const;

/** The status in what has arrived; none while it is not all there, and none in what is no such answer. */
export function readHostStatus(bytes: Buffer): HostStatus | undefined {
  const text = bytes.toString('latin1');
  const found = text
    .split(stx)
    .slice(1)
    .flatMap((part) => (part.includes(etx) ? [part.slice(0, part.indexOf(etx)).split(',')] : []));
  const [first = [], second = []] = found;
  if (found.length < strings || first.length <= hot || second.length <= remaining) return undefined;
  const numbers = [first[formats], second[remaining]].map(Number);
  if (numbers.some((number) => !Number.isInteger(number))) return undefined;
  const is = (fields: readonly string[], at: number) => fields[at] === '1';
  return {
    paperOut: is(first, paper),
    paused: is(first, pause),
    headOpen: is(second, head),
    ribbonOut: is(second, ribbon),
    tooHot: is(first, hot),
    tooCold: is(first, cold),
    waiting: numbers.reduce((all, number) => all + number, 0),
  };
}

/** Why a printer of this status prints nothing; none when it prints. An open head also says that there is no paper, so it comes first. */
export function troubleOf(status: HostStatus, printer: string): StationError | undefined {
  if (status.headOpen) return new StationError('printer.head-open', { printer });
  if (status.paperOut) return new StationError('printer.paper-out', { printer });
  const reason = reasons.find(([name]) => status[name])?.[1];
  return reason === undefined ? undefined : new StationError('printer.not-ready', { printer, reason });
}

const reasons = [
  ['ribbonOut', 'its ribbon is out'],
  ['tooHot', 'its head is too hot'],
  ['tooCold', 'its head is too cold'],
  ['paused', 'it is paused'],
] as const satisfies readonly (readonly [keyof HostStatus, string])[];
