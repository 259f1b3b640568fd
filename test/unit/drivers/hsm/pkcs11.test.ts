import { afterAll, beforeAll } from 'vitest';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { hsmSuite } from '../../../suites/hsm.suite.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

let token: SoftHsmToken;
beforeAll(async () => {
  token = await makeSoftHsm();
});
afterAll(() => token.dispose());

const open = () => Pkcs11Hsm.open({ ...token, pin: token.pin() });

hsmSuite('PKCS#11 HSM', open);
