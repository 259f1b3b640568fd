import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byPathFolder } from '../../drivers/discover.ts';
import { lightStates } from '../../station-core/contract/lights.ts';
import { testLabel } from '../../station-core/contract/test-label.ts';
import { openStation } from '../../station-core/open-station.ts';
import { ordersToScan, practiceConfig } from '../../station-core/practice.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { signalModule } from '../suites/softhsm-pin.ts';
import { becomePerson, labelsOf, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// A line with what lanes share: an HSM with a PIN, a light that nobody reaches, an adapter that was replaced.

const recipe = 'symmetric-individual';
let token: SoftHsmToken;
beforeAll(async () => {
  token = await makeSoftHsm();
  Object.assign(process.env, token.environment);
});
afterAll(() => token.dispose());

/** Nobody listens on this machine's port 9. */
const unreached = Object.fromEntries(
  lightStates.map((state) => [state, { method: 'PUT', url: `http://127.0.0.1:9/${state}` }]),
);

async function prepare(folder: string): Promise<void> {
  mkdirSync(join(folder, 'practice'), { recursive: true });
  const { module, tokenLabel } = token;
  const config = practiceConfig(2, recipe);
  const real = { lane: 3, kind: 'serial', path: join(byPathFolder, 'adapter-that-broke'), baud: 115_200 };
  const light = { kind: 'http', lane: 1, states: unreached };
  const hsm = { kind: 'pkcs11', module, tokenLabel };
  writeFileSync(
    join(folder, 'station.json'),
    JSON.stringify({ ...config, hsm, lanes: [...config.lanes, real], lights: [light] }),
  );
  const { station, close } = await openStation(folder, { pin: token.pin() }, 'a spec');
  await ordersToScan(station, recipe);
  await close();
}

/** A port that comes: a link where udev makes them, which takes the right to write there. */
const plug = join(byPathFolder, `birthmark-test-${process.pid}`);
const mayPlug = process.getuid?.() === 0;
function plugIn(): void {
  mkdirSync(byPathFolder, { recursive: true });
  symlinkSync('/dev/null', plug);
}

/** Keys as fast as a scanner's, however busy the machine is. */
const burst = (page: Page, code: string): Promise<void> =>
  page.evaluate(
    (keys) => {
      const { activeElement } = document;
      for (const key of keys)
        (activeElement ?? document.body).dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
    },
    [...code, 'Enter'],
  );

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');

onBothHosts('a line and what its lanes share', { lanes: 2, recipe, prepare }, (opened) => {
  const look = async (name: string): Promise<void> => {
    const { page, host } = opened();
    if (host === 'browser') await shootAll(page, name);
    expect(await stickingOut(page)).toEqual([]);
  };

  test('says in its foot that a light is not reached, and makes units all the same', async () => {
    const { page } = opened();
    await page.getByRole('heading', { name: 'The HSM is locked' }).waitFor();
    await page.getByLabel('PIN of the HSM').fill(token.pin().toString());
    await page.keyboard.press('Enter');
    await page.getByText('Scan a unit').waitFor();
    await page.getByText('Light 1', { exact: true }).waitFor();
    const [first] = await labelsOf(page);
    await scan(page, first ?? '');
    await laneLooks(page, 1, 'passed');
    await look('line-light');
  });

  test('says on the tile which lane waits for the HSM, and how many asked before it', async () => {
    const { page, host } = opened();
    const [, second, third] = (await labelsOf(page)).filter((label) => !label.endsWith('-X'));
    signalModule(token, 'SIGSTOP');
    await scan(page, second ?? '');
    await laneLooks(page, 2, 'busy');
    await scan(page, third ?? '');
    await page.locator('[data-lane="1"] [data-waits="hsm"]').waitFor();
    await page.locator('[data-lane] [data-waits="hsm"]').getByText('HSM #2', { exact: true }).waitFor();
    if (host === 'browser') await shoot(page, 'line-waits');
    expect(await stickingOut(page)).toEqual([]);
    signalModule(token, 'SIGCONT');
    await page.locator('[data-waits]').first().waitFor({ state: 'detached' });
  });

  test('binds one lane anew by plugging, lets plugging in start it, and never takes the port of another', async () => {
    const { page } = opened();
    await becomePerson(page, 'Lee Lead');
    await openPlace(page, 'Settings');
    const port = page.getByRole('textbox', { name: 'Port of lane 3' });
    await page.getByRole('button', { name: 'Find by plugging, lane 3' }).press('Enter');
    await page.getByText('Unplug the cable of lane 3 now.').waitFor();
    await look('line-binding');
    if (mayPlug) plugIn();
    else await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    if (!mayPlug) await port.fill(plug);
    expect(await port.inputValue()).toBe(plug);
    rmSync(plug, { force: true });
    await page.getByLabel('Start of lane 3').selectOption('attach');
    await press(page, 'Add a scanner');
    await page.getByRole('textbox', { name: 'Port of scanner 1' }).fill(plug);
    await page.getByText('Two have the same port.').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Port of scanner 1' }).fill(join(byPathFolder, 'scanner'));
    await page.getByLabel('Before every code, scanner 1 (optional)').fill('\\x03');
    await page.getByText('no line end, tab or ETX').waitFor();
    await page.getByLabel('Before every code, scanner 1 (optional)').fill('\\x02');
    await page.getByLabel(/^What scanners that type send/).fill('~');
    await page.getByLabel('Check character of serial numbers').selectOption('mod10');
    await look('line-settings');
  });

  test('two people agree to it, and the station’s file says it', async () => {
    const { page, folder } = opened();
    await press(page, 'Save');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Sol Security/ }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('others: those below take effect when the station starts again').waitFor();
    const saved = JSON.parse(readFileSync(join(folder, 'station.json'), 'utf8')) as object;
    expect(saved).toMatchObject({
      lanes: [{ lane: 1 }, { lane: 2 }, { lane: 3, path: plug, start: 'attach' }],
      scanners: [{ path: join(byPathFolder, 'scanner'), prefix: '\u0002', ending: 'line' }],
      scanning: { prefix: '~', checksum: 'mod10' },
      lights: [{ lane: 1 }],
    });
    expect(existsSync(join(folder, 'station.db'))).toBe(true);
  });

  test('the help sets a scanner up: the test barcode, commands and fixtures on the screen and on paper', async () => {
    const { page } = opened();
    await openPlace(page, 'Help');
    await page.getByRole('main').getByRole('button', { name: 'Scanners', exact: true }).press('Enter');
    for (const code of [testLabel, 'BM-C-CONFIRM', 'BM-C-RETRY', 'BM-F-1', 'BM-F-3']) {
      await page.getByRole('img', { name: code, exact: true }).waitFor();
    }
    await burst(page, testLabel);
    await page.getByText('The scanner and this computer agree.').waitFor();
    await look('help-scanners');
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    await press(page, 'Print the barcodes');
    await page.emulateMedia({ media: 'print' });
    await page.locator('[data-print="barcodes"]').getByRole('img', { name: testLabel }).waitFor();
    if (opened().host === 'browser') await shoot(page, 'help-scanners-printed');
    await page.emulateMedia({ media: 'screen' });
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints.filter((one) => !one.startsWith('verbose:'))).toEqual([]);
    });
  });
});
