import { X509Certificate } from 'node:crypto';
import type { CertificateView, IssuerView } from '../contract/ca.ts';

// What the CA commands print for people. Pure functions; lines fit 100 columns, but for hashes, names and what is pasted.

/** Names come from certificates that others made: no control character of theirs reaches the terminal. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** A file's name in a command to paste. */
export const shell = (file: string): string => (/^[\w./:-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`);

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

type Column = { readonly head: string; readonly width: number };

/** Rows under their heads; the last column ends the line. */
function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width }, index) => cut(plain(cells[index] ?? ''), width).padEnd(width))
      .join('  ')
      .trimEnd();
  return `${[columns.map(({ head }) => head), ...rows].map(line).join('\n')}\n`;
}

/** Names and values under a title. */
const sheet = (title: string, fields: readonly (readonly [string, string | undefined])[]): string =>
  `${[title, ...fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(14)}${plain(value)}`]))].join('\n')}\n`;

const day = (iso: string | undefined): string => iso?.slice(0, 10) ?? '';

const issuerColumns = [
  { head: 'NAME', width: 22 },
  { head: 'STATE', width: 9 },
  { head: 'KEY', width: 7 },
  { head: 'ISSUED', width: 13 },
  { head: 'EXPIRES', width: 10 },
  { head: 'SUBJECT', width: 29 },
] as const;

const usedOf = ({ issued, quota }: IssuerView, of = '/'): string =>
  quota === undefined ? `${issued}` : `${issued}${of}${quota}`;

export const issuersText = (issuers: readonly IssuerView[]): string =>
  table(
    issuerColumns,
    issuers.map((one) => [one.name, one.state, one.algorithm, usedOf(one), day(one.notAfter), one.subject]),
  );

export function issuerText(one: IssuerView): string {
  const { name, state, kind, subject, algorithm, publicKey, thumbprints, notAfter, witnessed, warnings } = one;
  return sheet(`${name}: ${state}`, [
    ['kind', kind],
    ['subject', subject],
    ['key', algorithm],
    ['public key', `SHA-256 ${publicKey}`],
    ['thumbprint', thumbprints && `SHA-1   ${thumbprints.sha1}`],
    ['', thumbprints && `SHA-256 ${thumbprints.sha256}`],
    ['expires', notAfter],
    ['issued', usedOf(one, ' of ')],
    ['ceremony', witnessed ? 'witnessed, its record is signed' : 'waits for its witness'],
    ...warnings.map((warning) => ['warning', warning] as const),
  ]);
}

const certificateColumns = [
  { head: 'ID', width: 7 },
  { head: 'STATE', width: 8 },
  { head: 'REGISTRATION ID', width: 36 },
  { head: 'MADE', width: 10 },
  { head: 'EXPIRES', width: 10 },
  { head: 'SERIAL NUMBER', width: 19 },
] as const;

export const certificatesText = (found: readonly CertificateView[]): string =>
  table(
    certificateColumns,
    found.map((one) => [
      String(one.id),
      one.state,
      one.registrationId ?? `(${one.purpose})`,
      day(one.intendedAt),
      day(one.notAfter),
      one.serialNumber,
    ]),
  );

export function certificateText(one: CertificateView): string {
  const { id, state, purpose, registrationId, order, issuer, serialNumber, sha256, intendedAt, notAfter, revoked } =
    one;
  return sheet(`certificate ${id}: ${state}`, [
    ['purpose', purpose],
    ['registration', registrationId],
    ['order', order],
    ['issuer', issuer],
    ['serial number', serialNumber],
    ['thumbprint', one.certificate && `SHA-1   ${sha1Of(one.certificate)}`],
    ['', sha256 && `SHA-256 ${sha256.toUpperCase()}`],
    ['made', intendedAt],
    ['expires', notAfter],
    ['revoked', revoked && `${revoked.at}, ${revoked.reason}`],
  ]);
}

const sha1Of = (pem: string): string => new X509Certificate(pem).fingerprint.replaceAll(':', '');
