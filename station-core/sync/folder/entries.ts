import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { OutboxRow } from '../../store/outbox.ts';
import { carriedBody } from '../dps/bodies.ts';
import type { Carried } from '../targets/target.ts';

// What stands in the files for an operator who enrols by hand: the bodies that the service would get, and a table of them.

/** Whatever the target dps would send for a row, as far as it can be said without asking the service. */
export function entryOf(row: OutboxRow, carried: Carried | undefined): object {
  const { registrationId, action } = row;
  const isGroup = action === 'create-group' || action === 'expect-group';
  const id = isGroup ? { enrollmentGroupId: registrationId } : { registrationId };
  const off = action === 'disable' ? { provisioningStatus: 'disabled' } : {};
  const body = { ...id, ...(row.body as object), ...off };
  return carried ? carriedBody(body, carried).body : body;
}

const certificate = z.optional(z.looseObject({ certificate: z.string() }));
const certificates = z.optional(z.looseObject({ primary: certificate, secondary: certificate }));

/** What the table shows of an entry. */
export const entrySchema = z.looseObject({
  registrationId: z.optional(z.string()),
  enrollmentGroupId: z.optional(z.string()),
  deviceId: z.optional(z.string()),
  provisioningStatus: z.optional(z.string()),
  attestation: z.optional(
    z.looseObject({
      type: z.string(),
      tpm: z.optional(z.looseObject({ endorsementKey: z.string() })),
      x509: z.optional(z.looseObject({ clientCertificates: certificates, signingCertificates: certificates })),
    }),
  ),
});
export type Entry = z.output<typeof entrySchema>;

export const idOf = ({ registrationId, enrollmentGroupId }: Entry): string => registrationId ?? enrollmentGroupId ?? '';

const columns: readonly (readonly [string, (entry: Entry) => string | undefined])[] = [
  ['registrationId', ({ registrationId }) => registrationId],
  ['enrollmentGroupId', ({ enrollmentGroupId }) => enrollmentGroupId],
  ['deviceId', ({ deviceId, registrationId }) => deviceId ?? registrationId],
  ['attestation', ({ attestation }) => attestation?.type],
  ['endorsementKey', ({ attestation }) => attestation?.tpm?.endorsementKey],
  ['primaryThumbprint', (entry) => thumbprint(slotsOf(entry)?.primary?.certificate)],
  ['secondaryThumbprint', (entry) => thumbprint(slotsOf(entry)?.secondary?.certificate)],
  ['provisioningStatus', ({ provisioningStatus, attestation }) => provisioningStatus ?? (attestation && 'enabled')],
];

const slotsOf = ({ attestation }: Entry) =>
  attestation?.x509?.clientCertificates ?? attestation?.x509?.signingCertificates;

/** SHA-256 of a certificate's DER in hex, as the portal shows it; DPS takes certificates as base64 of PEM (dps-reference 2.4). */
function thumbprint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const pem = Buffer.from(text, 'base64').toString('latin1');
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  return createHash('sha256').update(der).digest('hex').toUpperCase();
}

/** The table of some entries: RFC 4180, with the action in front. */
export function tableOf(action: string, entries: readonly Entry[]): string {
  const lines = entries.map((entry) => [action, ...columns.map(([, of]) => of(entry) ?? '')]);
  const all = [['action', ...columns.map(([name]) => name)], ...lines];
  return all.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
