import type { PortFound } from '../station-core/contract/setup.ts';

// Which port is a lane's: the one that comes when somebody plugs its cable in. Names of adapters are not unique, places are.

/** What the person is asked to do next, and what is known meanwhile. */
export type Binding = {
  readonly asks: 'unplug' | 'plug' | 'choose' | 'taken';
  /** The ports of the last look. */
  readonly ports: readonly PortFound[];
  /** What came at once, of which one is to be chosen: an adapter with several ports. */
  readonly choices: readonly PortFound[];
  /** The lane that has the port that came. */
  readonly lane?: number;
  /** The port that came: this one it is. */
  readonly bound?: PortFound;
};

export const beginBinding = (ports: readonly PortFound[]): Binding => ({ asks: 'unplug', ports, choices: [] });

/** Goes on with what is plugged in now. `taken`: which ports are other lanes', by their path. Pure. */
export function seePorts(
  before: Binding,
  ports: readonly PortFound[],
  taken: Readonly<Record<string, number>>,
): Binding {
  const came = ports.filter(({ path }) => !before.ports.some((one) => one.path === path));
  const gone = before.ports.filter(({ path }) => !ports.some((one) => one.path === path));
  const [first, another] = came;
  if (first === undefined) return gone.length === 0 ? before : { asks: 'plug', ports, choices: [] };
  if (another !== undefined) return { asks: 'choose', ports, choices: came };
  const lane = taken[first.path];
  if (lane !== undefined) return { asks: 'taken', ports, choices: [], lane };
  return { ...before, ports, bound: first };
}
