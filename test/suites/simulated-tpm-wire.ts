// Commands as bytes, for tests that send what the station's driver never would.
import { commands, handles } from '../../drivers/tpm/constants.ts';
import { sized, u8, u16, u32 } from '../../drivers/tpm/marshal.ts';

/** Commands by their TCG names, those of the driver and the others that this TPM knows. */
export const codes = { ...commands, EvictControl: 0x120, Startup: 0x144 } as const;
export type CodeName = keyof typeof codes;

export type Session = { readonly handle: number; readonly auth?: Buffer; readonly attributes?: number };

/** A session area entry for a password. */
export const password = (auth = ''): Session => ({ handle: handles.password, auth: Buffer.from(auth), attributes: 1 });

export type Parts = {
  readonly handles?: readonly number[];
  readonly sessions?: readonly Session[];
  readonly parameters?: Buffer;
};

/** A command's bytes, whatever sense they make. */
export function commandOf(name: CodeName, { handles: named = [], sessions, parameters }: Parts = {}): Buffer {
  const entries = sessions?.map(({ handle, auth = Buffer.alloc(0), attributes = 0 }) =>
    Buffer.concat([u32(handle), u16(0), u8(attributes), sized(auth)]),
  );
  const area = entries && Buffer.concat(entries);
  const body = Buffer.concat([
    ...named.map(u32),
    ...(area ? [u32(area.length), area] : []),
    parameters ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([u16(area ? 0x8002 : 0x8001), u32(10 + body.length), u32(codes[name]), body]);
}

export const codeOf = (response: Buffer): number => response.readUInt32BE(6);

/** Parameters of TPM2_CreatePrimary with a template. */
export const primaryParameters = (template: Buffer, auth: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([sized(Buffer.concat([sized(auth), u16(0)])), sized(template), u16(0), u32(0)]);

/** Parameters of TPM2_StartAuthSession for a policy session. */
export const sessionParameters = (hash: number, nonce: Buffer = Buffer.alloc(16, 7)): Buffer =>
  Buffer.concat([sized(nonce), u16(0), u8(1), u16(0x10), u16(hash)]);

/** Parameters of TPM2_PolicySecret without anything. */
export const secretParameters: Buffer = Buffer.alloc(2 + 2 + 2 + 4);
