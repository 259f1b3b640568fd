import type { SecureContextOptions } from 'node:tls';
import { ipv6Only } from './ipv4.ts';
import type { ProxyServer } from './proxy.ts';

/** How a service is reached. `connect` names another address for the host: a private endpoint, or the practice line. */
export type Endpoint = {
  readonly host: string;
  readonly connect?: { readonly host: string; readonly port: number };
  /** PEM of the only CAs that are believed; without it, the system's. */
  readonly ca?: string;
  readonly proxy?: ProxyServer;
};

/** Those of TLS 1.3, and for TLS 1.2 the four that DPS recommends, with RSA and ECDSA (DPS docs, TLS support; F-155). */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  ...['RSA', 'ECDSA'].flatMap((kind) => [
    `ECDHE-${kind}-AES256-GCM-SHA384`,
    `ECDHE-${kind}-AES128-GCM-SHA256`,
    `ECDHE-${kind}-AES256-SHA384`,
    `ECDHE-${kind}-AES128-SHA256`,
  ]),
].join(':');

/** TLS 1.2 or newer, whatever the environment's defaults say (F-155). */
export const tlsOptions = ({ ca }: Endpoint): SecureContextOptions => ({
  minVersion: 'TLSv1.2',
  ciphers,
  ...(ca === undefined ? {} : { ca }),
});

/** Where the connection goes: to the host itself, or where it is answered for. */
export const addressOf = ({ host, connect }: Endpoint) => connect ?? { host, port: 443 };

/** What is in the way, in words where the code says little. Never a proxy's password, which Node leaves out as well. */
export function reasonOf(error: NodeJS.ErrnoException & { statusCode?: number }, { host, proxy }: Endpoint): string {
  if (error.code === ipv6Only) return `${host} has IPv6 addresses alone, and DPS is reached by IPv4`;
  if (error.code === 'ERR_PROXY_TUNNEL') return `the proxy ${proxy?.shown} answered ${error.statusCode ?? 'nothing'}`;
  const code = error.code ?? 'no answer';
  return proxy ? `${code}, through the proxy ${proxy.shown}` : code;
}
