import type { PortFound } from '../station-core/contract/setup.ts';

// Which port is a lane's, or a scanner's: the one that comes when somebody plugs its cable in. Names of adapters are not unique, places are.

/** Who has a port already. */
export type Owner = { readonly kind: 'lane' | 'scanner'; readonly number: number };

/** What the person is asked to do next, and what is known meanwhile. */
export type Binding = {
  readonly asks: 'unplug' | 'plug' | 'choose' | 'taken';
  /** The ports of the last look. */
  readonly ports: readonly PortFound[];
  /** What came at once, of which one is to be chosen: an adapter with several ports. */
  readonly choices: readonly PortFound[];
  /** Who has the port that came. */
  readonly owner?: Owner;
  /** The port that came: this one it is. */
  readonly bound?: PortFound;
};

export const beginBinding = (ports: readonly PortFound[]): Binding => ({ asks: 'unplug', ports, choices: [] });

/** Goes on with what is plugged in now. `taken`: whose ports are whose already, by the path that they are set to. Pure. */
export function seePorts(
  before: Binding,
  ports: readonly PortFound[],
  taken: Readonly<Record<string, Owner>>,
): Binding {
  const came = onePerDevice(ports.filter(({ path }) => !before.ports.some((one) => one.path === path)));
  const gone = before.ports.filter(({ path }) => !ports.some((one) => one.path === path));
  const [first, another] = came;
  if (first === undefined) return gone.length === 0 ? before : { asks: 'plug', ports, choices: [] };
  if (another !== undefined) return { asks: 'choose', ports, choices: came };
  const owner = ownerOf(first, ports, taken);
  if (owner !== undefined) return { asks: 'taken', ports, choices: [], owner };
  return { ...before, ports, bound: first };
}

/** udev gives some ports two links, usb and usbv2: the first is the one that older systems know. */
const onePerDevice = (ports: readonly PortFound[]): PortFound[] =>
  ports.filter((port, index) => ports.findIndex(({ device }) => device === port.device) === index);

/** Who has this port already, under whatever name of its device. */
export function ownerOf(
  port: PortFound,
  ports: readonly PortFound[],
  taken: Readonly<Record<string, Owner>>,
): Owner | undefined {
  const names = [port.device, ...ports.filter(({ device }) => device === port.device).map(({ path }) => path)];
  return names.flatMap((name) => taken[name] ?? [])[0];
}
