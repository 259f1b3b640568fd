import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStation } from '../../station-core/open-station.ts';
import { ordersToScan, practiceConfig } from '../../station-core/practice.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { addExtractableKey, changePin, killModule } from '../suites/softhsm-pin.ts';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shootAll, stickingOut } from './screens.ts';

// A practice line whose HSM is a PKCS#11 token: it starts locked, since nobody is there to give the PIN.

const recipe = 'symmetric-individual';
let token: SoftHsmToken;
/** The token's PIN as it is now. */
let pin: string;

beforeAll(async () => {
  token = await makeSoftHsm();
  pin = token.pin().toString();
  // Where the module looks for its tokens: the station and its HSM process inherit it.
  Object.assign(process.env, token.environment);
});
afterAll(() => token.dispose());

/** A station that was unlocked once: its keys, its people and an order are there, and a key that somebody else made. */
async function prepare(folder: string): Promise<void> {
  mkdirSync(join(folder, 'practice'), { recursive: true });
  const { module, tokenLabel } = token;
  const config = { ...practiceConfig(2, recipe), hsm: { kind: 'pkcs11', module, tokenLabel } };
  writeFileSync(join(folder, 'station.json'), JSON.stringify(config));
  const { station, close } = await openStation(folder, { pin: Buffer.from(pin) }, 'a spec');
  await ordersToScan(station, recipe);
  await close();
  await addExtractableKey(token, pin, 'weak');
}

onBothHosts('an HSM with a PIN', { lanes: 2, recipe, prepare }, (opened) => {
  test('nobody can sign in before the PIN was given; a wrong one is refused and says so', async () => {
    const { page, host } = opened();
    await page.getByRole('heading', { name: 'The HSM is locked' }).waitFor();
    if (host === 'browser') await shootAll(page, 'unlock');
    await page.getByLabel('PIN of the HSM').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('hsm.pin').waitFor();
    await page.getByLabel('PIN of the HSM').fill(pin);
    await page.keyboard.press('Enter');
    await page.getByText('Scan a unit').waitFor();
  });

  test('units pass, and the token, its module and its keys are shown without a folder or a value', async () => {
    const { page, host } = opened();
    const [first] = await labelsOf(page);
    await scan(page, first ?? '');
    await laneLooks(page, 1, 'passed');
    await becomePerson(page, 'Sol Security');
    await openPlace(page, 'HSM and keys');
    await page.getByText('libsofthsm2.so').waitFor();
    await page.getByRole('row').filter({ hasText: 'PINs of people' }).waitFor();
    if (host === 'browser') await shootAll(page, 'hsm-token');
    expect(await page.locator('main').textContent()).not.toContain('/usr');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('a key that breaks a rule is named with the rule, and stands first', async () => {
    const { page, host } = opened();
    const refused = page.getByRole('alert').filter({ hasText: 'weak' });
    await refused
      .getByText(/CKA_\w+ has to be (yes|no), and is (yes|no)/)
      .first()
      .waitFor();
    await page.getByRole('row').filter({ hasText: 'REFUSED' }).first().waitFor();
    if (host === 'browser') await shootAll(page, 'hsm-refused');
    expect(await stickingOut(page)).toEqual([]);
  });

  test('a token that refuses its PIN locks the station under whoever is signed in, who unlocks it where they are', async () => {
    const { page, host } = opened();
    const before = pin;
    pin = before === '739154' ? '864209' : '739154';
    await changePin(token, before, pin);
    killModule(token);
    const state = page.locator('[data-hsm="locked"]');
    await state.waitFor();
    if (host === 'browser') await shootAll(page, 'hsm-locked');
    expect(await stickingOut(page)).toEqual([]);
    await state.getByLabel('PIN of the HSM').fill(pin);
    await page.keyboard.press('Enter');
    await page.locator('[data-hsm="ready"]').waitFor();
    await page.getByRole('row').filter({ hasText: 'PINs of people' }).waitFor();
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints.filter((one) => !one.startsWith('verbose:'))).toEqual([]);
    });
  });
});
