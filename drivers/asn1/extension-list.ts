import { type Asn1, boolean, encode, octets, oid, sequence } from './build.ts';
import { booleanOf, contentOf, type Der, Fields, invalid, oidOf, tags } from './der.ts';

// Extensions as certificates, CSRs and CRLs carry them (RFC 5280 section 4.1).

export type Extension = {
  /** Object identifier with dots. */
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside the OCTET STRING. */
  readonly value: Buffer;
};

/** Extensions, at least one and none twice (RFC 5280 4.2). Throws `input.invalid`. */
export function readExtensions(list: Der): readonly Extension[] {
  const fields = new Fields(list, tags.sequence, 'the extensions');
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  do {
    const extension = readExtension(fields.any('an extension'));
    if (seen.has(extension.oid))
      throw invalid(list.place, 'each extension once (RFC 5280 4.2)', `${extension.oid} twice`);
    seen.add(extension.oid);
    extensions.push(extension);
  } while (fields.more);
  return extensions;
}

function readExtension(value: Der): Extension {
  const fields = new Fields(value, tags.sequence, 'an extension');
  const dotted = oidOf(fields.next(tags.oid, 'its identifier'), 'its identifier');
  // A written-out FALSE is not DER (X.690 11.5), but CAs in use write it, and it says nothing else.
  const critical = fields.optional(tags.boolean);
  const content = fields.next(tags.octets, 'its value');
  fields.end('an extension');
  return {
    oid: dotted,
    critical: critical !== undefined && booleanOf(critical, 'critical'),
    value: contentOf(content),
  };
}

/** DER of Extensions. */
export const writeExtensions = (extensions: readonly Extension[]): Buffer =>
  encode(sequence(...extensions.map(writeExtension)));

function writeExtension({ oid: dotted, critical, value }: Extension): Asn1 {
  return critical ? sequence(oid(dotted), boolean(true), octets(value)) : sequence(oid(dotted), octets(value));
}
