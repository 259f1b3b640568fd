import { type Extension, oids } from '../../../drivers/asn1/extensions.ts';
import type { Lint } from './lint.ts';

const own: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
]);

const same = (one: Extension, other: Extension | undefined): boolean =>
  other !== undefined && one.oid === other.oid && one.critical === other.critical && one.value.equals(other.value);

export const extensions: Lint = {
  rule: 'RFC 5280 section 4.2: each extension once, and none that the profile does not name (those of a CSR are never copied)',
  check({ extensions: found }, { extensions: wanted }) {
    const doubled = found.find(({ oid }, index) => found.findIndex((other) => other.oid === oid) !== index);
    if (doubled) return `${doubled.oid} twice`;
    const further = found.filter(({ oid }) => !own.has(oid));
    const strange = further.find((one) => !wanted.some((other) => same(one, other)));
    if (strange) return strange.oid;
    return wanted.find((one) => !further.some((other) => same(one, other)))?.oid;
  },
};
