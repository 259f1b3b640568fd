import { type LookupAllOptions, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** The code of the error for a host that has IPv6 addresses alone; DPS is reached by IPv4 (DPS docs, IPv6 support; F-154). */
export const ipv6Only = 'EIPV6ONLY';

export type SystemLookup = (
  hostname: string,
  options: LookupOptions | LookupAllOptions,
  callback: Parameters<LookupFunction>[2],
) => void;

/** Looks one host up by IPv4 alone; every other (a proxy) as the system does. */
export function lookupByIpv4(host: string, system: SystemLookup = lookup as SystemLookup): LookupFunction {
  return (hostname, options, callback) => {
    if (hostname !== host) return system(hostname, options, callback);
    system(hostname, { ...options, family: 4 }, (error, address, family) => {
      if (!error) return callback(null, address, family);
      system(hostname, { family: 6 }, (none) => {
        const code = none ? error.code : ipv6Only;
        callback(Object.assign(new Error(`${hostname} was not found`), code === undefined ? {} : { code }), '', 4);
      });
    });
  };
}
