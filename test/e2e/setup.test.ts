import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { byPathFolder } from '../../drivers/discover.ts';
import { buildRenamedToken } from '../suites/renamed-token.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { axeInBoth } from './axe.ts';
import { laneLooks, scan } from './hosts.ts';
import { onNewStation } from './new-station.ts';
import { shootAll, stickingOut } from './screens.ts';

/** A press that the keyboard makes. */
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
const pageIs = (page: Page, name: string) => page.getByRole('heading', { name, level: 2 }).waitFor();

onNewStation(
  'a new practice line',
  async () => ({}),
  (opened) => {
    test('is set up by keyboard in four pages, back and forth without loss, and nothing is made before the last', async () => {
      const { page, host, folder } = opened();
      await pageIs(page, 'Practice or production');
      if (host === 'browser') await shootAll(page, 'setup-mode');
      await press(page, 'Next');
      await pageIs(page, 'The station');
      await press(page, 'Next');
      await page.getByText('This is needed.').waitFor();
      expect(await axeInBoth(page)).toEqual([]);
      await page.getByLabel('Name of the station').fill('bench 7');
      await page.getByLabel('Room (optional)').fill('B 12');
      await page.keyboard.press('Enter');
      await pageIs(page, 'Lanes');
      await press(page, 'Back');
      await pageIs(page, 'The station');
      expect(await page.getByLabel('Name of the station').inputValue()).toBe('bench 7');
      await press(page, 'Next');
      await page.getByLabel('Lanes', { exact: true }).fill('2');
      await press(page, 'Next');
      await pageIs(page, 'Overview');
      if (host === 'browser') await shootAll(page, 'setup-overview');
      expect(await stickingOut(page)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    });

    test('speaks the language that is chosen at its head', async () => {
      const { page, host } = opened();
      for (const [language, next] of [
        ['de', 'Zurück'],
        ['zh', '上一步'],
        ['es', 'Atrás'],
      ] as const) {
        await page.locator('header select').selectOption(language);
        await page.getByRole('button', { name: next }).waitFor();
        if (host === 'browser') await shootAll(page, `setup-overview-${language}`);
        expect(await stickingOut(page)).toEqual([]);
      }
      await page.locator('header select').selectOption('en');
      await page.getByRole('button', { name: 'Back' }).waitFor();
    });

    test('is made with one press, and passes its first unit', async () => {
      const { page, folder } = opened();
      await press(page, 'Make the station');
      await page.getByText('Scan a unit').waitFor();
      expect(existsSync(folder)).toBe(true);
      const labels = page.getByRole('region', { name: 'Labels to scan' }).getByRole('button');
      await scan(page, (await labels.allTextContents())[0] ?? '');
      await laneLooks(page, 1, 'passed');
      expect(opened().complaints).toEqual([]);
    });
  },
);

/** A port that comes: a link where udev makes them, which takes the right to write there. */
const plug = join(byPathFolder, `birthmark-test-${process.pid}`);
const mayPlug = process.getuid?.() === 0;
function plugIn(): void {
  mkdirSync(byPathFolder, { recursive: true });
  symlinkSync('/dev/null', plug);
}
const unplug = () => rmSync(plug, { force: true });
afterAll(unplug);

let token: SoftHsmToken | undefined;
let module = '';
afterAll(() => token?.dispose());
async function withToken() {
  token ??= await makeSoftHsm('line 3');
  module ||= await buildRenamedToken(token.folder);
  return token.environment;
}

onNewStation('a new production station', withToken, (opened) => {
  test('finds the HSM, tries its PIN, and shows what the computer is like', async () => {
    const { page, host } = opened();
    await page.getByRole('button', { name: /^Production/ }).press('Enter');
    await press(page, 'Next');
    await page.getByLabel('Name of the station').fill('line 3');
    await press(page, 'Next');
    await page.getByText('Software: production refuses it.').waitFor();
    await press(page, 'Next');
    await page.getByText('Choose a token and try its PIN first.').waitFor();
    await page.getByLabel('File of another PKCS#11 module').fill(module);
    await press(page, 'Look there');
    const real = page.getByRole('button', { name: /^line 3 \(Renamed token/ });
    await real.press('Enter');
    await page.getByLabel('PIN of line 3').fill('000000');
    await page.keyboard.press('Enter');
    await page.locator('code', { hasText: 'hsm.pin' }).waitFor();
    if (host === 'browser') await shootAll(page, 'setup-hsm-wrong');
    await page.getByLabel('PIN of line 3').fill(token?.pin().toString() ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('line 3 took the PIN.').waitFor();
    if (host === 'browser') await shootAll(page, 'setup-hsm');
    await press(page, 'Next');
  });

  test('says why the cloud cannot be reached, and goes on all the same', async () => {
    const { page, host } = opened();
    await pageIs(page, 'Cloud');
    await press(page, 'Next');
    await page.getByText('An ID scope has letters and digits only').waitFor();
    await page.getByLabel('ID scope of the DPS instance').fill('0ne000956C5');
    await page.getByLabel('Host that units register with').fill('no-such-host.invalid');
    await press(page, 'Test the connection');
    await page.getByText('no-such-host.invalid has no address here.').waitFor();
    if (host === 'browser') await shootAll(page, 'setup-cloud');
    await press(page, 'Next');
  });

  test('takes lanes with a port each, and two people', async () => {
    const { page, host } = opened();
    await pageIs(page, 'Lanes');
    await press(page, 'Next');
    await page.getByText('Add at least one lane.').waitFor();
    await press(page, 'Add a lane');
    await press(page, 'Add a lane');
    await page
      .getByRole('textbox', { name: 'Port of lane 1' })
      .fill('/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0');
    await page
      .getByRole('textbox', { name: 'Port of lane 2' })
      .fill('/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0');
    await press(page, 'Next');
    await page.getByText('Two lanes have the same port.').waitFor();
    await page.getByRole('button', { name: 'Find by plugging, lane 2' }).press('Enter');
    await page.getByText('Unplug the cable of lane 2 now.').waitFor();
    if (host === 'browser') await shootAll(page, 'setup-binding');
    if (mayPlug) plugIn();
    else await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const second = page.getByRole('textbox', { name: 'Port of lane 2' });
    if (mayPlug) expect(await second.inputValue()).toBe(plug);
    else await second.fill(plug);
    unplug();
    if (host === 'browser') await shootAll(page, 'setup-lanes');
    await press(page, 'Next');
    await page.getByLabel('Name of the first line lead').fill('Lena Lead');
    await page.getByLabel('Name of the first security officer').fill('Lena Lead');
    await press(page, 'Next');
    await page.getByText('must be another person').waitFor();
    await page.getByLabel('Name of the first security officer').fill('Otto Officer');
    await press(page, 'Next');
    await pageIs(page, 'Overview');
    if (host === 'browser') await shootAll(page, 'setup-overview-production');
  });

  test('is made, shows the codes of its first people once, and the lead signs in with hers and a PIN of her own', async () => {
    const { page, host } = opened();
    await press(page, 'Make the station');
    await page.getByRole('heading', { name: 'line 3 is made' }).waitFor();
    const codes = await page.locator('dd').allTextContents();
    expect(codes).toHaveLength(2);
    if (host === 'browser') await shootAll(page, 'setup-finished');
    await press(page, 'Go to the sign-in');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Lena Lead');
    await page.getByLabel('PIN or one-time code').fill(codes[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByLabel('New PIN', { exact: true }).fill('739154');
    await page.getByLabel('New PIN, once more').fill('739154');
    await page.keyboard.press('Enter');
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(opened().complaints).toEqual([]);
  });
});
