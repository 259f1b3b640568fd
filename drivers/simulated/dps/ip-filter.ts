import { BlockList } from 'node:net';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';

/** Refuses an address that the IP filter rejects, without saying why (DPS docs, IP filter). */
export function requireAddress({ switches }: Instance, address: string, api: 'serviceApi' | 'deviceApi'): void {
  const matching = switches.ipFilter.find(
    ({ target = 'all', ipMask }) => (target === 'all' || target === api) && contains(ipMask, address),
  );
  if (matching?.action === 'Reject') throw new DpsError('unauthorized');
}

function contains(range: string, address: string): boolean {
  const [network = '', bits = ''] = range.split('/', 2);
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}
