import * as z from 'zod/mini';
import type { HsmReport } from '../hsm.ts';
import type { HsmView } from '../record.ts';
import { call, none } from './call.ts';

const label = z.string().check(z.minLength(1), z.maxLength(64));

/** Calls about the HSM. */
export const hsmCalls = {
  /** The station's token, or the one with the audit log's keys. */
  'hsm.unlock': call<HsmView>()(
    z.strictObject({
      pin: z.string().check(z.minLength(1), z.maxLength(64)),
      token: z._default(z.enum(['station', 'audit']), 'station'),
    }),
  ),
  'hsm.inspect': call<HsmReport>()(none),
  'hsm.importGroupKey': call<{ label: string; id: string; checkValue: string }>()(z.strictObject({ label })),
  'hsm.makeUnwrappingKey': call<{ label: string; id: string; publicKey: string }>()(z.strictObject({ label })),
  'hsm.unwrapGroupKey': call<{ label: string; id: string; checkValue: string }>()(
    z.strictObject({
      label,
      /** The key pair that `hsm.makeUnwrappingKey` made. */
      key: z.strictObject({
        label,
        id: z.string().check(z.maxLength(64)),
        publicKey: z.string().check(z.maxLength(2_048)),
      }),
      /** What the group key's owner wrapped with its public key: base64. */
      wrapped: z.string().check(z.regex(/^[A-Za-z0-9+/]{4,2048}={0,2}$/, 'base64')),
    }),
  ),
} as const;
