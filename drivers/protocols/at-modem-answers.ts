// What a module says, line by line, pure. The vendor's documents are the "nRF91x1 AT Commands" and "nRF9160 AT Commands" reference
// guides (docs.nordicsemi.com); sections are named by their commands.

/** Final result codes: what a command ended with (section "AT command syntax", Response). */
export type AtEnd = { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly code?: number };

/** The final result code that a line is, if it is one. */
export function endOf(line: string): AtEnd | undefined {
  if (line === 'OK') return { kind: 'ok' };
  if (line === 'ERROR') return { kind: 'refused' };
  const code = /^\+CM[ES] ERROR: ?(\d{1,5})$/.exec(line)?.[1];
  return code === undefined ? undefined : { kind: 'refused', code: Number(code) };
}

/** Why a module refuses, by its number (%CMNG and %KEYGEN, set commands; 3GPP TS 27.007, 9.2 for those below 513). */
const reasons: ReadonlyMap<number, string> = new Map([
  [50, 'it does not take the parameters'],
  [513, 'it has no such entry'],
  [514, 'it gives no access to that entry'],
  [515, 'its memory is full'],
  [518, 'its radio is in use'],
  [519, 'it already has such an entry'],
  [523, 'it could not make the key'],
  [527, 'it cannot use the certificate'],
  [528, 'its supply voltage is too low to write'],
]);

/** What a listing of a tag with nothing under it may end with. */
export const notFound = 513;

/** Words for a person; of an error without a number, what it may mean. */
export function reasonOf({ code }: Extract<AtEnd, { kind: 'refused' }>): string {
  if (code === undefined) return 'it does not know the command';
  return reasons.get(code) ?? `error ${code}`;
}

/** Types of entries under a security tag (%CMNG, set command). */
export const entryTypes = { roots: 0, certificate: 1, key: 2 } as const;
export type EntryName = keyof typeof entryTypes;

/** SHA-256 of what lies under a tag, in lower-case hex, as the module lists it. */
export type Entries = Readonly<Partial<Record<EntryName, string>>>;

const listed = /^%CMNG: (\d{1,10}),(\d{1,3})(?:,"([0-9A-Fa-f]{64})")?$/;

/**
 * One line of a listing: what lies under this tag, nothing for an entry that is none of ours, or `undefined` for a line that cannot be
 * read.
 */
export function readListed(line: string, secTag: number): Entries | undefined {
  const [, tag, type, sha] = listed.exec(line) ?? [];
  if (tag === undefined) return undefined;
  const name = (Object.keys(entryTypes) as EntryName[]).find((one) => entryTypes[one] === Number(type));
  if (Number(tag) !== secTag || name === undefined) return {};
  return sha === undefined ? undefined : { [name]: sha.toLowerCase() };
}

/** Firmware before 1.3 lists the type over and over instead of a digest. */
export const isFiller = (sha: string): boolean => new Set(sha.match(/../g)).size === 1;

/**
 * The certificate request out of the answer of %KEYGEN: base64url of the request in DER, a dot, and a COSE signature by the module's own
 * identity key, which nobody here can verify and which is left out.
 */
export function readKeygen(line: string): Buffer | undefined {
  const request = /^%KEYGEN: "([A-Za-z0-9_-]{1,4096})\.[A-Za-z0-9_-]*"$/.exec(line)?.[1];
  return request === undefined ? undefined : Buffer.from(request, 'base64url');
}

/** The IMEI out of the answer of +CGSN=1, if its check digit is right (3GPP TS 23.003, annex B): a line may lose digits. */
export function readImei(line: string): string | undefined {
  const imei = /^\+CGSN: "(\d{15})"$/.exec(line)?.[1];
  return imei !== undefined && luhn(imei) % 10 === 0 ? imei : undefined;
}

function luhn(digits: string): number {
  const values = [...digits].map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2));
  return values.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0);
}

/** The hardware UUID out of the answer of %DEVICEUUID, in lower case. */
export const readUuid = (line: string): string | undefined =>
  /^%DEVICEUUID: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(line)?.[1]?.toLowerCase();

/** The functional mode out of the answer of +CFUN?. */
export function readMode(line: string): number | undefined {
  const mode = /^\+CFUN: (\d{1,3})$/.exec(line)?.[1];
  return mode === undefined ? undefined : Number(mode);
}

/** Manufacturer, model and revision are answered without a name in front (+CGMI, +CGMM, +CGMR); what has one came unasked. */
export const readPlain = (line: string): string | undefined =>
  /^(?![+%#*"])(?!AT)[\x20-\x7e]{1,128}$/.test(line) ? line : undefined;
