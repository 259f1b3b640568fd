// The attributes of names that have names, with what RFC 5280 (appendix A.1) and RFC 4519 allow in them.

type Form = 'printable' | 'ia5' | 'utf8';
export type AttributeRule = { readonly min: number; readonly max: number; readonly form: Form };
type Row = AttributeRule & { readonly type: string; readonly oid: string };

const row = (type: string, oid: string, max: number, form: Form = 'utf8', min = 1): Row => ({
  type,
  oid,
  min,
  max,
  form,
});

/** Lengths in characters. X.520 has no bound for DC; RFC 1034 (3.1) gives a label 63. */
const rows: readonly Row[] = [
  row('CN', '2.5.4.3', 64),
  row('SN', '2.5.4.4', 64),
  row('serialNumber', '2.5.4.5', 64, 'printable'),
  row('C', '2.5.4.6', 2, 'printable', 2),
  row('L', '2.5.4.7', 128),
  row('ST', '2.5.4.8', 128),
  row('street', '2.5.4.9', 128),
  row('O', '2.5.4.10', 64),
  row('OU', '2.5.4.11', 64),
  row('title', '2.5.4.12', 64),
  row('postalCode', '2.5.4.17', 40),
  row('GN', '2.5.4.42', 64),
  row('dnQualifier', '2.5.4.46', 64, 'printable'),
  row('pseudonym', '2.5.4.65', 128),
  row('organizationIdentifier', '2.5.4.97', 64),
  row('UID', '0.9.2342.19200300.100.1.1', 256),
  row('DC', '0.9.2342.19200300.100.1.25', 63, 'ia5'),
  row('emailAddress', '1.2.840.113549.1.9.1', 255, 'ia5'),
];

export const attributeOids: ReadonlyMap<string, string> = new Map(rows.map(({ type, oid }) => [type, oid]));
export const attributeTypes: ReadonlyMap<string, string> = new Map(rows.map(({ type, oid }) => [oid, type]));

const byType = new Map(rows.map((one) => [one.type, one]));
const unknown: AttributeRule = { min: 1, max: 1024, form: 'utf8' };

/** What a value of this attribute may be; it may be named by its object identifier too. */
export const attributeRule = (type: string): AttributeRule =>
  byType.get(type) ?? byType.get(attributeTypes.get(type) ?? '') ?? unknown;
