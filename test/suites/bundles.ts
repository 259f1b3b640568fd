import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Applier } from '../../station-core/bundle/applier.ts';
import { applierFiles, publicFileOf } from '../../station-core/bundle/applier-folder.ts';
import { makeApplierKeys, writeKeys } from '../../station-core/bundle/applier-keys.ts';
import { type PackedRow, pack } from '../../station-core/bundle/content.ts';
import { fingerprintOf, type Manifest } from '../../station-core/bundle/format.ts';
import { makeBundle } from '../../station-core/bundle/sealed.ts';
import { type Clock, systemClock } from '../../station-core/clock.ts';
import type { ApplierFile, StationFile } from '../../station-core/contract/bundle.ts';
import { temporaryFolder } from './temporary.ts';

// Both ends of the air gap without a station: whoever has a station's key can make any bundle, also a lying one.

export class TestSigner {
  readonly file: StationFile;
  readonly #key: KeyObject;

  constructor(station = 'line 3', origin = `birthmark/${station}/00000000`) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    this.file = { schema: 1, kind: 'birthmark-station', station, origin, key };
  }

  sign = async (input: Buffer): Promise<Buffer> => sign('sha256', input, { key: this.#key, dsaEncoding: 'ieee-p1363' });

  manifest(applier: ApplierFile, more: Partial<Manifest> = {}): Manifest {
    const { station, origin } = this.file;
    return {
      v: 1,
      station,
      origin,
      mode: 'practice',
      sequence: 1,
      previous: null,
      applier: fingerprintOf(applier),
      rows: 2,
      madeAt: new Date(Date.now()).toISOString(),
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      ...more,
    };
  }

  /** A bundle of two rows, one with keys; or of other plain bytes. */
  async bundle(
    applier: ApplierFile,
    more: Partial<Manifest> = {},
    plain: Buffer = pack(twoRows()),
  ): Promise<{ readonly text: string; readonly sha256: Buffer; readonly manifest: Manifest }> {
    const manifest = this.manifest(applier, more);
    return { ...(await makeBundle(manifest, plain, applier, this.file, this.sign)), manifest };
  }
}

export const twoRows = (): PackedRow[] => [
  {
    id: 11,
    registrationId: 'unit-11',
    action: 'create',
    body: { attestation: { type: 'symmetricKey' } },
    after: null,
    replaces: null,
    carried: { keys: { primary: Buffer.alloc(64, 0xa1), secondary: Buffer.alloc(32, 0xb2) } },
  },
  {
    id: 12,
    registrationId: 'unit-12',
    action: 'create',
    body: { attestation: { type: 'tpm' } },
    after: null,
    replaces: null,
    carried: { endorsementKey: Buffer.from('an endorsement key').toString('base64') },
  },
];

/** An applier in a folder of its own, and its public file. It goes with the test. */
export async function testApplier(
  trusted: readonly TestSigner[],
  clock: Clock = systemClock,
): Promise<{ readonly applier: Applier; readonly file: ApplierFile; readonly folder: string }> {
  const folder = join(temporaryFolder(), 'applier');
  const file = await applierFolder(folder);
  const applier = await Applier.open({ folder, mode: 'practice', clock }, Buffer.alloc(0));
  onTestFinished(() => applier.close());
  for (const { file: station } of trusted) await applier.trust(station);
  return { applier, file, folder };
}

export async function applierFolder(folder: string): Promise<ApplierFile> {
  mkdirSync(folder, { recursive: true });
  const keys = makeApplierKeys();
  const file = publicFileOf('office', keys);
  writeFileSync(join(folder, applierFiles.keys), await writeKeys(keys, Buffer.alloc(0)), { mode: 0o600 });
  writeFileSync(join(folder, applierFiles.public), JSON.stringify(file));
  writeFileSync(join(folder, applierFiles.settings), JSON.stringify({ schema: 1, mode: 'practice' }));
  return file;
}
