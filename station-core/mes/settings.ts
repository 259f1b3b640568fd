import * as z from 'zod/mini';
import { webhookName } from '../contract/mes.ts';
import { outcomes } from '../contract/run.ts';
import { path } from '../contract/station-file.ts';
import { secretName } from '../contract/tpm.ts';

// What `station.json` says of factory systems. Both parts are off when left out.

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '::1', '[::1]']);
const isLoopback = (host: string): boolean => loopbackNames.has(host) || /^127(\.\d{1,3}){3}$/.test(host);

/** Where factory systems ask. Whatever is not this machine alone takes TLS: keys and serials would be read on the way. */
export const mesSchema = z
  .strictObject({
    host: z._default(z.string().check(z.regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or address')), '127.0.0.1'),
    port: z.int().check(z.gte(1), z.lte(65_535)),
    /** PEM files: the certificate with what stands above it, and its private key, which only the station's user may read. */
    tls: z.exactOptional(z.strictObject({ certificateFile: path, keyFile: path })),
  })
  .check(z.refine(({ host, tls }) => tls !== undefined || isLoopback(host), 'tls for a host that is not loopback'));
export type MesSettings = z.output<typeof mesSchema>;

/** A receiver of results: told of every run that ended so, at least once, signed under a secret that the station keeps sealed. */
const webhookSchema = z.strictObject({
  name: webhookName,
  url: z
    .string()
    .check(z.maxLength(2_048), z.refine(mayBeTold, 'an https address without a user (http on loopback alone)')),
  /** Outcomes of runs; all, when left out. */
  outcomes: z.exactOptional(z.array(z.enum(outcomes)).check(z.minLength(1), z.maxLength(outcomes.length))),
  /** The name of the secret of its signatures (`birthmark secret set`). */
  secret: secretName,
  /** PEM of the only CAs that are believed for it, instead of the system's. */
  caFile: z.exactOptional(path),
});
export type WebhookSettings = z.output<typeof webhookSchema>;

export const webhooksSchema = z.array(webhookSchema).check(
  z.maxLength(8),
  z.refine((hooks) => new Set(hooks.map(({ name }) => name)).size === hooks.length, 'every name once'),
);

function mayBeTold(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
