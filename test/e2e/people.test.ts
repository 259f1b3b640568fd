import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { becomePerson, onBothHosts, openPlace } from './hosts.ts';
import { callFromPage } from './page-port.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// People at the screens: signing in, a PIN of one's own, locks, the second person, the end of a shift. With keys alone.

const nameField = (page: Page) => page.getByLabel('Name, or scan the badge');
const pinField = (page: Page) => page.getByLabel('PIN or one-time code');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
const signOut = async (page: Page) => {
  await press(page, 'Sign out');
  await nameField(page).waitFor();
};
/** As a scanner that types: the text, then Enter. */
const type = async (page: Page, text: string) => {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
};
const signIn = async (page: Page, name: string, pin: string) => {
  await nameField(page).focus();
  await nameField(page).fill('');
  await type(page, name);
  await pinField(page).waitFor();
  await type(page, pin);
};
const told = (page: Page, code: string) => page.locator('main code', { hasText: code }).waitFor();
/** A row of a table by all of its text; its name for screen readers is its first cell. */
const rowOf = (page: Page, text: RegExp) => page.getByRole('row').filter({ hasText: text });
const isSignedIn = (page: Page, name: string) => page.locator('header', { hasText: name }).waitFor();
const pad = (page: Page, digits: string) =>
  [...digits].reduce(
    (before, digit) =>
      before.then(() =>
        page
          .getByRole('group', { name: 'Digits of the PIN' })
          .getByRole('button', { name: digit, exact: true })
          .click(),
      ),
    Promise.resolve(),
  );

onBothHosts('people', { lanes: 2 }, (opened) => {
  /** The one-time code that the lead was told. */
  let code = '';

  test('whoever signed out signs in by name and pad; a wrong PIN is told, and gone from its field', async () => {
    const { page, host } = opened();
    // A first start beside other tests takes its time.
    await page.locator('header', { hasText: 'Tess Technician' }).waitFor({ timeout: 90_000 });
    await signOut(page);
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'sign-in');
    await signIn(page, 'Tess Technician', '9999');
    await told(page, 'person.unknown');
    expect(await pinField(page).inputValue()).toBe('');
    if (host === 'browser') await shootAll(page, 'sign-in-wrong');
    await pad(page, '11119');
    await page.getByRole('button', { name: 'Delete the last digit' }).click();
    await press(page, 'Sign in');
    await isSignedIn(page, 'Tess Technician');
  });

  test('a key of the pad is 20 mm on a 24 inch screen, with 6 mm between', async () => {
    const { page } = opened();
    await signOut(page);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.getByRole('button', { name: 'Delete all digits' }).waitFor();
    const boxes = await page
      .getByRole('group', { name: 'Digits of the PIN' })
      .getByRole('button')
      .evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect()).map(({ x, width, height }) => ({ x, width, height })),
      );
    // 1920 pixels are 531 mm.
    const mm = (pixels: number) => (pixels * 531) / 1920;
    const [one, two] = boxes;
    expect(Math.min(...boxes.map(({ width, height }) => mm(Math.min(width, height))))).toBeGreaterThanOrEqual(20);
    expect(mm((two?.x ?? 0) - (one?.x ?? 0) - (one?.width ?? 0))).toBeGreaterThanOrEqual(6);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a lead adds a person with a second one, who sees exactly what is done; the code is shown this once', async () => {
    const { page, host } = opened();
    await page.getByRole('button', { name: /^Lee Lead/ }).press('Enter');
    await isSignedIn(page, 'Lee Lead');
    await openPlace(page, 'People');
    await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
    await rowOf(page, /Ada Auditor/).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Nia New');
    await press(page, 'Add');
    const dialog = page.getByRole('dialog', { name: 'A second person has to agree' });
    await dialog.waitFor();
    const shown = dialog.locator('[data-operation="operators.add"]');
    expect(await shown.textContent()).toBe('Add a personnameNia Newroletechnician');
    if (host === 'browser') await shootAll(page, 'second-person');
    await dialog.getByRole('button', { name: 'Sol Security' }).press('Enter');
    const codeDialog = page.getByRole('dialog', { name: 'One-time code of Nia New' });
    await codeDialog.waitFor();
    if (host === 'browser') await shootAll(page, 'one-time-code');
    code = (await codeDialog.locator('[data-code]').getAttribute('data-code')) ?? '';
    expect(code).toMatch(/^\d{8}$/);
    await page.keyboard.press('Escape');
    expect(await codeDialog.isVisible()).toBe(true);
    await press(page, 'It is handed over');
    await codeDialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(code);
    await rowOf(page, /Nia New.*Has a one-time code/).waitFor();
  });

  test('the new person chooses a PIN: weak ones are told, and the code is good no more', async () => {
    const { page, host } = opened();
    await signOut(page);
    await signIn(page, 'Nia New', code);
    await page.getByRole('heading', { name: 'Choose your PIN' }).waitFor();
    const choose = async (first: string, again: string) => {
      await page.getByLabel('New PIN', { exact: true }).fill(first);
      await page.getByLabel('New PIN, once more').fill(again);
      await page.keyboard.press('Enter');
    };
    await choose('123456', '123456');
    await page.getByText('It is a run that is guessed first.').waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'choose-pin');
    await choose('204060', '204061');
    await page.getByText('The two are not the same.').waitFor();
    await choose('204060', '204060');
    await isSignedIn(page, 'Nia New');
    await signOut(page);
    await signIn(page, 'Nia New', code);
    await told(page, 'person.unknown');
    await signIn(page, 'Nia New', '204060');
    await isSignedIn(page, 'Nia New');
  });

  test('five wrong PINs lock a person and end their session at the page; a lead unlocks', async () => {
    const { page, host } = opened();
    // Somebody tries Nia's PIN elsewhere while she is signed in here.
    const params = { name: 'Nia New', pin: '0000' };
    const tries = await callFromPage(page, Array(5).fill({ call: 'operators.signIn', params }));
    expect(tries.at(-1)?.error?.code).toBe('person.locked');
    await page.getByText('You were signed out: your name was locked').waitFor();
    if (host === 'browser') await shootAll(page, 'sign-in-locked');
    await signIn(page, 'Nia New', '204060');
    await told(page, 'person.locked');
    await page.getByRole('button', { name: /^Lee Lead/ }).press('Enter');
    await isSignedIn(page, 'Lee Lead');
    await openPlace(page, 'People');
    await rowOf(page, /Nia New/).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Unlock', exact: true }).waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'people');
    await press(page, 'Unlock');
    await rowOf(page, /Nia New.*Can sign in/).waitFor();
  });

  test('badges are printed, and a scanned one signs in even when the field of the PIN has the focus', async () => {
    const { page, host } = opened();
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    await press(page, 'Print all badges');
    await page.emulateMedia({ media: 'print' });
    await page.locator('[data-print="badges"] section').first().waitFor();
    const badge =
      (await page.locator('[data-print="badges"] section', { hasText: 'Nia New' }).locator('code').textContent()) ?? '';
    if (host === 'browser') await shoot(page, 'badges-print');
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(badge).toMatch(/^BM-P-\d+-\d\d$/);
    await signOut(page);
    await pinField(page).focus();
    await type(page, badge);
    expect(await nameField(page).inputValue()).toBe(badge);
    await type(page, '204060');
    await isSignedIn(page, 'Nia New');
    await signOut(page);
    await nameField(page).focus();
    await type(
      page,
      badge.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)),
    );
    await page.getByText('The badge was not read right.').waitFor();
  });

  test('whoever leaves is marked so, after two people agreed', async () => {
    const { page } = opened();
    await page.getByRole('button', { name: /^Lee Lead/ }).press('Enter');
    await isSignedIn(page, 'Lee Lead');
    await openPlace(page, 'People');
    await rowOf(page, /Nia New/).focus();
    await page.keyboard.press('Enter');
    await press(page, 'Has left');
    await page.getByRole('dialog', { name: 'Nia New leaves' }).getByRole('button', { name: 'Has left' }).press('Enter');
    await page
      .getByRole('dialog', { name: 'A second person has to agree' })
      .getByRole('button', { name: 'Sol Security' })
      .press('Enter');
    await rowOf(page, /Nia New.*Has left/).waitFor();
  });

  test('the table of roles is what the station checks by, in words', async () => {
    const { page, host } = opened();
    await openPlace(page, 'Help');
    await press(page, 'Roles');
    await press(page, 'Every call, role by role');
    await page
      .getByRole('row', { name: /Sign in/ })
      .first()
      .waitFor();
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'roles-all');
    await page.getByLabel('Find').fill('scrap');
    const row = rowOf(page, /Scrap a unit/);
    await row.waitFor();
    expect(await row.textContent()).toMatch(/no.*with two people.*no.*no/s);
    await row.focus();
    await page.keyboard.press('Enter');
    const who = page.getByRole('region', { name: 'Scrap a unit' });
    expect(await who.textContent()).toContain('Second personSecurity officer, Line lead');
    if (host === 'browser') await shootAll(page, 'roles');
  });

  test('a shift ends with a code for the book, and the next person signs in', async () => {
    const { page, host } = opened();
    await openPlace(page, 'End of shift');
    await press(page, 'Sign the record');
    await page.getByRole('heading', { name: 'Write this into the shift book' }).waitFor();
    expect(await page.locator('main').textContent()).toMatch(/\d+(-[0-9A-Z]{2,4}){5}/);
    expect(await stickingOut(page)).toEqual([]);
    if (host === 'browser') await shootAll(page, 'shift');
    await press(page, 'It is written down: sign out');
    await page.getByRole('button', { name: /^Tess Technician/ }).press('Enter');
    await isSignedIn(page, 'Tess Technician');
  });

  describe('in other languages', () => {
    test.each([
      ['de', ['Personen', 'Schichtende'], 'Abmelden', 'Dieser Bildschirm', 'Sprache'],
      ['zh', ['人员', '交接班'], '退出', '本屏幕', '语言'],
      ['es', ['Personas', 'Fin de turno'], 'Cerrar sesión', 'Esta pantalla', 'Idioma'],
    ] as const)(
      'the screens of people speak %s, and nothing sticks out',
      async (language, screens, out, display, label) => {
        const { page, host } = opened();
        await becomePerson(page, 'Lee Lead');
        await openPlace(page, 'This screen');
        await page.getByLabel('Language').selectOption(language);
        for (const [at, name] of screens.entries()) {
          await openPlace(page, name);
          await page.getByRole('heading', { level: 1 }).waitFor();
          expect(await stickingOut(page)).toEqual([]);
          if (host === 'browser') await shootAll(page, `people-${language}-${at}`);
        }
        await page.getByRole('button', { name: out }).press('Enter');
        await page.getByRole('button', { name: /^Lee Lead/ }).waitFor();
        expect(await stickingOut(page)).toEqual([]);
        if (host === 'browser') await shootAll(page, `sign-in-${language}`);
        // Whoever signs in again is spoken to as they chose.
        await page.getByRole('button', { name: /^Lee Lead/ }).press('Enter');
        await isSignedIn(page, 'Lee Lead');
        await openPlace(page, display);
        await page.getByLabel(label).selectOption('en');
      },
    );
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      expect(opened().complaints).toEqual([]);
    });
  });
});
