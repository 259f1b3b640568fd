import { afterAll, beforeEach, describe } from 'vitest';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import type { OpenHsm } from './hsm-facts.ts';
import { hsmKeys } from './hsm-keys.suite.ts';
import { hsmRest } from './hsm-rest.suite.ts';
import { hsmSecrets } from './hsm-secrets.suite.ts';

/**
 * What every HSM of this station does, whatever stands behind it. `open` opens the same token each time; `edwards` is false for
 * a token without Ed25519.
 */
export function hsmSuite(name: string, open: () => Promise<Hsm>, { edwards = true } = {}): void {
  describe(name, () => {
    let hsm: Hsm | undefined;
    const at: OpenHsm = {
      get hsm() {
        if (hsm === undefined) throw new Error('the HSM is opened before each test');
        return hsm;
      },
      reopen: async () => {
        await hsm?.close();
        hsm = await open();
      },
      edwards,
    };
    // Opened once, since each opening starts a process, and again after a test that closed it.
    beforeEach(async () => {
      if (hsm === undefined || (await hsm.status()).state !== 'ready') await at.reopen();
    });
    afterAll(() => hsm?.close());
    hsmKeys(at);
    hsmSecrets(at);
    hsmRest(at);
  });
}
