import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { writeTbs } from '../../drivers/asn1/certificate.ts';
import { assemble } from '../../drivers/asn1/csr.ts';
import { extendedKeyUsage, keyUsage } from '../../drivers/asn1/extensions.ts';
import { encodeName } from '../../drivers/asn1/names.ts';
import { signatureValue } from '../../drivers/asn1/signatures.ts';
import { type MadeTpm, makeTpm } from '../../drivers/simulated/tpm/manufacture.ts';
import { SimulatedTpm, type TpmOptions } from '../../drivers/simulated/tpm/tpm.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';
import { temporaryFolder } from './temporary.ts';

/** A root that certifies endorsement keys. */
export const tpmRoot = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A certificate of an endorsement key (TCG EK Credential Profile 3.2, as far as a TPM has to do with it). */
export function certify(ek: KeyObject): Buffer {
  const from = Math.floor(Date.now() / 1_000) * 1_000;
  const bytes = writeTbs({
    serial: Buffer.of(0x42, 1),
    signatureAlgorithm: 'ecdsa-sha256',
    issuerDer: encodeName([{ type: 'CN', value: 'TPM root of the tests' }]),
    notBefore: from,
    notAfter: from + 86_400_000,
    subject: [{ type: 'CN', value: 'a practice TPM' }],
    spki: ek.export({ type: 'spki', format: 'der' }),
    extensions: [keyUsage(['keyEncipherment']), extendedKeyUsage(['2.23.133.8.1'])],
  });
  const raw = sign('sha256', bytes, { key: tpmRoot.privateKey, dsaEncoding: 'ieee-p1363' });
  return assemble(bytes, 'ecdsa-sha256', signatureValue('ecdsa-sha256', raw));
}

let ahead: Promise<MadeTpm> | undefined;
/** What a TPM was made with: the same for all of one test file, since a key takes a while. */
export function made(): Promise<MadeTpm> {
  ahead ??= makeTpm(certify);
  return ahead;
}

/** A new TPM in a file that goes with the test. */
export async function newTpm(options: Partial<TpmOptions> = {}): Promise<{ tpm: SimulatedTpm; file: string }> {
  const file = options.file ?? join(temporaryFolder(), 'tpm');
  return { tpm: SimulatedTpm.open({ made: await made(), ...options, file }), file };
}

/** The way to a TPM in the same process. */
export const transportTo = (tpm: Pick<SimulatedTpm, 'execute'>): TpmTransport => ({
  name: 'a simulated TPM',
  longest: 4_096,
  transmit: async (command, _code, signal) => {
    signal.throwIfAborted();
    return tpm.execute(command);
  },
  close: async () => undefined,
});
