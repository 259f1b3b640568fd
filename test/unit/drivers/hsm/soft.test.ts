import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { SoftHsm } from '../../../../drivers/hsm/soft.ts';
import { hsmSuite } from '../../../suites/hsm.suite.ts';
import { wrapWithOpenssl } from '../../../suites/openssl-wrap.ts';

const folder = mkdtempSync(join(tmpdir(), 'soft-hsm-'));
afterAll(() => rmSync(folder, { recursive: true }));
const newFolder = () => mkdtempSync(join(folder, 'one-'));

hsmSuite('soft HSM', () => SoftHsm.open({ folder: join(folder, 'suite') }));

test('the soft HSM unwraps what was wrapped with SHA-256 as well, and refuses wrapped keys of the wrong length', async () => {
  const hsm = await SoftHsm.open({ folder: newFolder() });
  const unwrapping = await hsm.generateUnwrappingKey('unwrap');
  const bytes = randomBytes(16);
  const wrapped = await wrapWithOpenssl(unwrapping.publicKey, bytes, 'sha256');
  const key = await hsm.unwrapGroupKey('group', unwrapping, wrapped);
  expect(await hsm.deriveDeviceKey(key, 'unit-1')).toEqual(createHmac('sha256', bytes).update('unit-1').digest());
  for (const length of [15, 65]) {
    const wrong = await wrapWithOpenssl(unwrapping.publicKey, randomBytes(length), 'sha256');
    await expect(hsm.unwrapGroupKey('wrong', unwrapping, wrong)).rejects.toMatchObject({ code: 'hsm.key-length' });
  }
});

describe('soft HSM file', () => {
  test('is readable by its owner only, even where a looser one lay, and leaves no temporary file', async () => {
    const place = newFolder();
    writeFileSync(join(place, 'soft-hsm.cbor.new'), 'left over');
    chmodSync(join(place, 'soft-hsm.cbor.new'), 0o644);
    await SoftHsm.open({ folder: place });
    expect(readdirSync(place)).toEqual(['soft-hsm.cbor']);
    expect(statSync(join(place, 'soft-hsm.cbor')).mode & 0o777).toBe(0o600);
  });

  test('that is damaged is refused without quoting it', async () => {
    const place = newFolder();
    const path = join(place, 'soft-hsm.cbor');
    const hsm = await SoftHsm.open({ folder: place });
    const key = Buffer.from('canary canary canary canary canary');
    await hsm.importGroupKey('group', key);
    const good = readFileSync(path);
    expect(good.includes(key)).toBe(true);
    for (const bytes of [Buffer.alloc(0), good.subarray(0, good.length - 1), Buffer.from('{}')]) {
      writeFileSync(path, bytes);
      const error: unknown = await SoftHsm.open({ folder: place }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'store.damaged' });
      expect(inspect(error, { depth: 9 })).not.toContain('canary');
    }
  });

  test('keeps the keys of 20 changes at once', async () => {
    const place = newFolder();
    const hsm = await SoftHsm.open({ folder: place });
    const labels = Array.from({ length: 20 }, (_, i) => `group-${i}`);
    const keys = await Promise.all(labels.map((label) => hsm.importGroupKey(label, randomBytes(32))));
    const again = await SoftHsm.open({ folder: place });
    for (const key of keys) expect(await again.checkValue(key)).toBe(key.checkValue);
  });

  test('cannot be written: the change is refused and nothing is different', async () => {
    const place = newFolder();
    const hsm = await SoftHsm.open({ folder: place });
    rmSync(place, { recursive: true });
    writeFileSync(place, 'a file where the folder was');
    await expect(hsm.importGroupKey('group', randomBytes(32))).rejects.toThrow();
    rmSync(place);
    await hsm.importGroupKey('group', randomBytes(32));
  });

  test('prints nothing of its keys', async () => {
    const hsm = await SoftHsm.open({ folder: newFolder() });
    await hsm.importGroupKey('group', Buffer.from('canary canary canary'));
    expect(inspect(hsm, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(hsm)).toBe('{}');
  });
});
