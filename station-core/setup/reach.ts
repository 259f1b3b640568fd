import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Reach } from '../contract/setup.ts';

/** Factory firewalls drop packets without a word: longer than this nobody waits in a form. */
const deadlineMs = 10_000;

type Why = Extract<Reach, { reached: false }>['why'];

/**
 * Whether the host that units register with answers over TLS with a certificate for its name. Nothing is asked of it, and nobody is
 * named: whether an ID scope is right shows with the first unit.
 */
export function reach(
  host: string,
  { port = 443, ...more }: Pick<ConnectionOptions, 'port' | 'ca'> = {},
): Promise<Reach> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: 'TLSv1.2',
      ...more,
    });
    const end = (answer: Reach) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const missed = (why: Why, reason: string) => end({ reached: false, host, why, reason });
    const timer = setTimeout(() => missed('timeout', 'ETIMEDOUT'), deadlineMs);
    socket.once('secureConnect', () =>
      end({ reached: true, host, address: socket.remoteAddress ?? '', issuer: issuerOf(socket) }),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => missed(whyOf(error.code ?? ''), error.code ?? 'unknown'));
  });
}

/** The issuer is told since a proxy that opens TLS shows itself by it. */
function issuerOf(socket: TLSSocket): string {
  const { O, CN } = socket.getPeerCertificate().issuer ?? {};
  return [O, CN].flat().filter(Boolean).join(', ').slice(0, 120);
}

/** What Node's codes mean to a person. Pure. */
export function whyOf(code: string): Why {
  return reasons.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

const reasons: readonly (readonly [RegExp, Why])[] = [
  [/^(ENOTFOUND|EAI_)/, 'name'],
  [/^(ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ECONNRESET|EPIPE)$/, 'refused'],
  [/^ETIMEDOUT$/, 'timeout'],
  [/CERT|SIGNATURE|ISSUER|SELF_SIGNED|ALTNAME/, 'certificate'],
];
