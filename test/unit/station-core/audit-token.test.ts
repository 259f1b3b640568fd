import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../drivers/hsm/pkcs11.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../suites/softhsm.ts';
import { TestStation } from '../../suites/station.ts';

let token: SoftHsmToken;
let line: TestStation;
beforeAll(async () => {
  token = await makeSoftHsm('birthmark-audit');
  const { module, tokenLabel, environment } = token;
  const auditHsm = await Pkcs11Hsm.open({ module, tokenLabel, environment });
  line = await TestStation.open({ lanes: 1, parts: { auditHsm } });
});
afterAll(async () => {
  const { auditHsm } = line.station.parts;
  await line.close();
  await auditHsm?.close();
  await token.dispose();
});

test('the log has a token with a PIN of its own: it is locked alone, and heads wait for it alone', async () => {
  const { heads, parts, sealing } = line.station;
  expect(heads.keys()).toEqual([]);
  expect(await sealing.sign('asked')).toBeUndefined();
  expect(sealing.unsealed()).toBe(line.entries().length);
  // Lanes go on: release entries need no head.
  const { labels } = await line.order('symmetric-group', 1);
  expect(await line.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'passed' });

  const signed = new Promise((resolve) => sealing.onSigned(resolve));
  const pin = token.pin();
  await line.as('security-officer', 'hsm.unlock', { pin: pin.toString(), token: 'audit' });
  expect(await signed).toMatchObject({ n: 1, key: 1 });
  const [key] = heads.keys();
  const inAudit = await parts.auditHsm?.list();
  const inStation = await parts.hsm.list();
  expect(inAudit?.map(({ label }) => label).sort()).toEqual([key?.label, key?.edLabel].sort());
  expect(inStation.filter(({ label }) => label.startsWith('birthmark-audit'))).toEqual([]);
});
