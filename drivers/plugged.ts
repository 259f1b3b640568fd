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
