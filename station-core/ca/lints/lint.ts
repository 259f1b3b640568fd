import type { Tbs } from '../../../drivers/asn1/certificate.ts';
import type { Rules } from '../rules.ts';

/** One rule that a certificate must keep. One file each in this folder, one line in registry.ts. */
export type Lint = {
  /** What it says and where it stands. */
  readonly rule: string;
  /** What was found instead, or nothing. `tbs` was read from the very bytes that would be signed. */
  check(tbs: Tbs, rules: Rules): string | undefined;
};
