import { realpathSync } from 'node:fs';
import { SerialPort } from 'serialport';
import type { PortFound } from '../station-core/contract/setup.ts';
import { byPathFolder, portsIn } from './discover.ts';

type Listed = Pick<
  Awaited<ReturnType<typeof SerialPort.list>>[number],
  'path' | 'manufacturer' | 'serialNumber' | 'vendorId' | 'productId'
>;

/**
 * The serial ports that are plugged in right now, by their place where the system names places (Linux), else by their name. What is
 * plugged in there is told as far as the system knows. Throws what the system says when it cannot look.
 */
export async function pluggedPorts(folder = byPathFolder): Promise<readonly PortFound[]> {
  const listed = await SerialPort.list();
  if (process.platform !== 'linux') return listed.map((one) => found(one.path, one.path, one));
  return [...portsIn(folder)].map(([byPath, device]) =>
    found(
      byPath,
      device,
      listed.find(({ path }) => path === device),
    ),
  );
}

function found(path: string, device: string, listed: Listed | undefined): PortFound {
  const { manufacturer, serialNumber, vendorId, productId } = listed ?? {};
  const usb = vendorId === undefined ? undefined : `${vendorId}:${productId ?? '?'}`;
  // An adapter says of itself what it likes, and it ends up on a screen.
  const about = [manufacturer ?? usb, serialNumber].filter((part) => part !== undefined).join(' ');
  return { path, device, about: about.replaceAll(/\p{Cc}/gu, '?').slice(0, 80) };
}

/**
 * Two of these paths that lead to one device now, or none. udev gives some ports two links (usb and usbv2), and every port has its own
 * name beside its place.
 */
export function samePort(paths: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const device = deviceOf(path);
    const before = seen.get(device);
    if (before !== undefined) return [before, path];
    seen.set(device, path);
  }
  return undefined;
}

/** What a path leads to; the path itself where nothing is plugged in. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return path;
    throw error;
  }
}
