// TPMs as units have them, and the keys of them that a sealed delivery is for.
import { join } from 'node:path';
import type { SealTo } from '../../drivers/protocols/protocol.ts';
import { openUnitsTpm, type TpmGiven, type UnitsTpm } from '../../drivers/simulated/unit/units-tpm.ts';
import { openTpm } from '../../drivers/tpm/tpm.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';
import type { EkKind, UnitTpm } from '../../drivers/tpm/unit-tpm.ts';
import { made } from './simulated-tpm.ts';
import { temporaryFolder } from './temporary.ts';

const never = new AbortController().signal;

/** What a TPM of this test file is made with: the same for all of its TPMs. */
export async function tpmGiven(): Promise<Extract<TpmGiven, { ekKey: string }>> {
  const { ekKey, certificate } = await made();
  return { ekKey, certificate: certificate.toString('base64') };
}

/** A TPM for a unit, in a folder that goes with the test. */
export async function newUnitsTpm(file = join(temporaryFolder(), 'unit.tpm')): Promise<UnitsTpm> {
  return openUnitsTpm(await tpmGiven(), file);
}

const wayTo = (tpm: UnitsTpm): TpmTransport => ({
  name: 'a unit’s TPM',
  longest: 4_096,
  transmit: (command) => tpm.execute(command),
  close: async () => undefined,
});

/** The keys that a sealed delivery to this TPM is for, read as the station reads them. Nothing stays loaded. */
export async function sealToOf(tpm: UnitTpm, kind: EkKind = 'rsa2048'): Promise<SealTo> {
  const { public: endorsementKey } = await tpm.endorsement({ kind }, never);
  const { public: activationKey } = await tpm.activationKey(never);
  return { endorsementKey, activationKey };
}

/** The same of a TPM that no protocol is in front of. */
export async function sealTo(tpm: UnitsTpm, kind: EkKind = 'rsa2048'): Promise<SealTo> {
  const opened = openTpm(wayTo(tpm));
  try {
    return await sealToOf(opened, kind);
  } finally {
    await opened.close();
  }
}
