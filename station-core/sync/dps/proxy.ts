import { StationError } from '../../contract/errors.ts';

/** The proxy that calls go through. `url` may hold a password and is for the connection alone; `shown` is for people. */
export type ProxyServer = { readonly url: string; readonly shown: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a host, as HTTPS_PROXY and NO_PROXY say (in lower case first, as curl reads them); none without one. Throws
 * `input.invalid`, which quotes nothing of it, for one that is no http or https URL.
 */
export function proxyFor(host: string, port: number, environment: Environment): ProxyServer | undefined {
  const text = environment.https_proxy || environment.HTTPS_PROXY;
  if (!text || isExcepted(host, port, environment.no_proxy ?? environment.NO_PROXY ?? '')) return undefined;
  const expected = 'a URL such as http://proxy.example:3128';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new StationError('input.invalid', { place: 'HTTPS_PROXY', expected, found: 'something else' });
  }
  return { url: text, shown: `${url.hostname}:${portOf(url)}` };
}

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);

/** Entries are names with everything below them, or `*`; each may name a port. */
function isExcepted(host: string, port: number, list: string): boolean {
  const name = host.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, given = '', only] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
      const below = given.replace(/^\*?\./, '');
      if (only !== undefined && Number(only) !== port) return false;
      return entry === '*' || name === below || name.endsWith(`.${below}`);
    });
}
