import type { Hsm, HsmStatus } from './hsm.ts';
import { Pkcs11Hsm } from './pkcs11.ts';
import { SoftHsm } from './soft.ts';

/** Every kind of HSM and how it is opened. */
export const hsms = {
  pkcs11: Pkcs11Hsm.open,
  soft: SoftHsm.open,
} satisfies Record<HsmStatus['kind'], (options: never) => Promise<Hsm>>;
