import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { becomePerson, laneLooks, onBothHosts, openPlace, scan } from './hosts.ts';
import { agree, auditor, callAs, orderFor } from './keys-line.ts';
import { wrap } from './keys-wrap.ts';
import { shoot, shootAll, stickingOut } from './screens.ts';

// The security officer's screens on the practice line: each test goes on where the one before it ended. Keys only.

/** What the screens are called, and how the screen about the screen asks for the language. */
const tongues = [
  {
    language: 'de',
    places: { hsm: 'HSM und Schlüssel', issuers: 'Aussteller', certificates: 'Zertifikate' },
    screen: 'Dieser Bildschirm',
    asks: 'Sprache',
  },
  {
    language: 'zh',
    places: { hsm: 'HSM 与密钥', issuers: '颁发者', certificates: '证书' },
    screen: '本屏幕',
    asks: '语言',
  },
  {
    language: 'es',
    places: { hsm: 'HSM y claves', issuers: 'Emisores', certificates: 'Certificados' },
    screen: 'Esta pantalla',
    asks: 'Idioma',
  },
] as const;

const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`);

onBothHosts('keys, issuers and certificates', { lanes: 2, recipe: 'x509-group' }, (opened) => {
  /** Every colour, size and rule of a screen, once. */
  async function looked(name: string): Promise<void> {
    const { page, host } = opened();
    if (host === 'browser') await shootAll(page, name);
    expect(await stickingOut(page)).toEqual([]);
  }

  test('the HSM shows its state, its keys with what was read back of them, and its token; no folder is told', async () => {
    const { page } = opened();
    await page.getByText('Scan a unit').waitFor();
    await becomePerson(page, 'Sol Security');
    await openPlace(page, 'HSM and keys');
    await page.getByRole('region', { name: 'State of the HSM' }).getByText('READY').waitFor();
    const key = page.getByRole('row').filter({ hasText: 'issuer practice-ca' });
    await key.press('Enter');
    const read = page.getByRole('region', { name: /^What was read back of practice-ca/ });
    expect(await read.textContent()).toContain('never could be taken outyes');
    expect(await page.locator('main').textContent()).not.toMatch(/\/(usr|tmp|home)\//);
    await looked('hsm');
  });

  test('a pair for unwrapping is made by two people, and a group key that its owner wrapped is unwrapped', async () => {
    const { page, host } = opened();
    const making = page.getByRole('region', { name: 'Make an unwrapping key' });
    await making.getByLabel('Label').fill('unwrapping-1');
    await making.getByRole('button', { name: 'Make the key pair' }).press('Enter');
    await agree(page, 'Lee Lead');
    await making.getByText('is in the HSM').waitFor();
    await making.getByText('Show: reference.json').press('Enter');
    const reference = await making.getByLabel(/^reference.json/).inputValue();
    const unwrapping = page.getByRole('region', { name: 'Unwrap a group key' });
    await unwrapping.getByLabel('Reference of the unwrapping key', { exact: true }).fill(reference);
    await unwrapping.getByLabel('Wrapped key', { exact: true }).fill(wrap(reference));
    await unwrapping.getByLabel('Label').fill('line-group');
    await unwrapping.getByRole('button', { name: 'Unwrap', exact: true }).press('Enter');
    await agree(page, 'Lee Lead');
    await unwrapping.getByText('"label":"line-group"').waitFor();
    if (host === 'browser') await shootAll(page, 'hsm-group');
  });

  test('a ceremony begins with two custodians, and waits for a witness who is neither, also after the station was killed', async () => {
    const { page, host, cutPower } = opened();
    await openPlace(page, 'Issuers');
    await page.getByRole('button', { name: 'Begin a ceremony' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Begin a ceremony' });
    await dialog.getByLabel('Name', { exact: true }).fill('Line 9');
    await dialog.getByText('Lower-case letters').waitFor();
    expect(await dialog.getByRole('button', { name: 'Make the key' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Name', { exact: true }).fill('line-9');
    await dialog.getByLabel('Common name').fill('Contoso Line 9 CA');
    await dialog.getByLabel('Organisation').fill('Contoso');
    await dialog.getByLabel('How many certificates').fill('3');
    if (host === 'browser') await shootAll(page, 'issuers-begin');
    await dialog.getByRole('button', { name: 'Make the key' }).press('Enter');
    await agree(page, 'Lee Lead');
    await dialog.waitFor({ state: 'detached' });
    await step(page, 'witness').getByText('You are one of the custodians').waitFor();
    await looked('issuers-witness');
    await openPlace(page, 'Lanes');
    await cutPower();
    // A page that was loaded anew begins as the technician; one that stayed asks who is there.
    await page.getByRole('button', { name: /^(Sign out|Ada Auditor)/ }).waitFor();
    if (await page.getByRole('button', { name: 'Sign out' }).isVisible()) await becomePerson(page, 'Ada Auditor');
    else await page.getByRole('button', { name: /^Ada Auditor/ }).press('Enter');
    await openPlace(page, 'Issuers');
    await page.getByRole('row').filter({ hasText: 'line-9' }).press('Enter');
    await step(page, 'key').getByText('Lee Lead').waitFor();
    await step(page, 'witness').getByRole('button', { name: 'I saw it' }).press('Enter');
    await step(page, 'witness').getByText('Ada Auditor saw it').waitFor();
  });

  test('the practice root signs the request, and the chain is imported by two people', async () => {
    const { page, host } = opened();
    await becomePerson(page, 'Sol Security');
    await openPlace(page, 'Issuers');
    await page.getByRole('row').filter({ hasText: 'line-9' }).press('Enter');
    await looked('issuers-chain');
    await step(page, 'chain').getByLabel('Certificates (PEM)').fill('not a certificate');
    await step(page, 'chain').getByRole('button', { name: 'Import', exact: true }).press('Enter');
    await agree(page, 'Lee Lead');
    await step(page, 'chain').getByText('input.invalid').waitFor();
    await step(page, 'chain').getByRole('button', { name: 'Sign with the practice root' }).press('Enter');
    await agree(page, 'Lee Lead');
    await step(page, 'chain').getByRole('button', { name: 'Import', exact: true }).press('Enter');
    await page.getByRole('dialog', { name: 'A second person has to agree' }).waitFor();
    if (host === 'browser') await shootAll(page, 'issuers-agree');
    await agree(page, 'Lee Lead');
    await page.getByText('READY. It issues certificates').waitFor();
    await looked('issuers-ready');
  });

  test('the proof of possession carries the code of the portal', async () => {
    const { page } = opened();
    await step(page, 'proof').getByLabel('Verification code').fill('75B86466DA34D2B04C0C4C9557A119687ADAE7D4732BDDB3');
    await step(page, 'proof').getByRole('button', { name: 'Make the proof' }).press('Enter');
    await agree(page, 'Lee Lead');
    await step(page, 'proof').getByText('Show: proof.pem').press('Enter');
    expect(
      await step(page, 'proof')
        .getByLabel(/^proof.pem/)
        .inputValue(),
    ).toContain('BEGIN CERTIFICATE');
  });

  test('a file is saved from the page', async () => {
    const { page, host } = opened();
    const chain = page.getByRole('button', { name: 'Save: Chain' });
    if (host === 'desktop') return void (await chain.waitFor());
    const [download] = await Promise.all([page.waitForEvent('download'), chain.press('Enter')]);
    expect(download.suggestedFilename()).toBe('line-9-chain.pem');
    expect(readFileSync(await download.path(), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test('units pass with certificates of the new intermediate, until its quota is used up', async () => {
    const { page, folder, host } = opened();
    const labels = ['K-0001', 'K-0002', 'K-0003', 'K-0004'];
    await orderFor(folder, 'line-9', labels);
    await becomePerson(page, 'Tess Technician');
    await openPlace(page, 'Lanes');
    for (const label of labels.slice(0, 3)) {
      await scan(page, label);
      await page.locator('[data-look="passed"]').filter({ hasText: label }).waitFor();
    }
    await scan(page, 'K-0004');
    await page.locator('[data-look="errored"]').filter({ hasText: 'K-0004' }).waitFor();
    await laneLooks(page, 2, 'errored');
    await becomePerson(page, 'Sol Security');
    await openPlace(page, 'Issuers');
    await page.getByRole('row').filter({ hasText: 'line-9' }).press('Enter');
    await page.getByText('The quota is used up').waitFor();
    if (host === 'browser') await shootAll(page, 'issuers-quota');
    await page.getByLabel('How many certificates').fill('10');
    await page.getByRole('button', { name: 'Change the quota' }).press('Enter');
    await agree(page, 'Lee Lead');
    await page.getByText('7 certificates are left').waitFor();
  });

  test('a certificate is found, renewed and revoked, and stands on the list that is signed then', async () => {
    const { page, folder, host } = opened();
    await openPlace(page, 'Certificates');
    await page.getByLabel('Find by').selectOption('SHA-256 thumbprint');
    await page.getByLabel('What to look for').fill('12:34');
    await page.getByText('has 64 hex digits').waitFor();
    await page.getByLabel('Find by').selectOption('Serial number of the unit');
    await page.getByLabel('What to look for').fill('K-0001');
    await page.keyboard.press('Enter');
    await page.getByText('1 certificate', { exact: true }).waitFor();
    const rows = page.getByRole('grid', { name: 'Find a certificate' }).getByRole('row');
    await rows.filter({ hasText: 'k-0001' }).press('Enter');
    await looked('certificates');
    await page.getByRole('button', { name: 'Renew', exact: true }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).press('Enter');
    await agree(page, 'Lee Lead');
    await page.getByText('The new certificate is number').waitFor();
    await page.getByText('2 certificates', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Revoke', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Revoke the certificate of sn-k-0001' });
    await dialog.getByLabel('Reason').selectOption('another one takes its place');
    if (host === 'browser') await shootAll(page, 'certificates-revoke');
    await dialog.getByRole('button', { name: 'Revoke' }).press('Enter');
    await agree(page, 'Lee Lead');
    await page.getByText(/another one takes its place/).waitFor();
    await openPlace(page, 'Issuers');
    await page.getByRole('row').filter({ hasText: 'line-9' }).press('Enter');
    await page.getByRole('button', { name: 'Sign a revocation list now' }).press('Enter');
    await page.getByText('Revocation list 1 is signed').waitFor();
    const [revoked] = await callAs(folder, auditor, 'ca.find', { unit: 'K-0001', state: 'revoked' });
    const { crl } = await callAs(folder, auditor, 'ca.lastCrl', { name: 'line-9' });
    const der = Buffer.from(crl.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex');
    expect(der).toContain(revoked?.serialNumber ?? 'none');
  });

  test('what ends within 90 days stands there, without what was revoked or renewed', async () => {
    const { page } = opened();
    await openPlace(page, 'Certificates');
    const soon = page.getByRole('grid', { name: 'Ends soon' });
    await soon.getByRole('row').filter({ hasText: 'k-0003' }).waitFor();
    const shown = await soon.getByRole('rowheader').allTextContents();
    expect(shown.toSorted()).toEqual(['sn-k-0001', 'sn-k-0002', 'sn-k-0003']);
  });

  test('an issuer is retired, and its key destroyed once its name was typed', async () => {
    const { page, host } = opened();
    await openPlace(page, 'Issuers');
    await page.getByRole('row').filter({ hasText: 'line-9' }).press('Enter');
    await page.getByRole('button', { name: 'Retire' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).press('Enter');
    await agree(page, 'Lee Lead');
    await page.getByRole('heading', { name: 'line-9: Signs revocation lists only' }).waitFor();
    await page.getByRole('button', { name: 'Destroy the key' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Destroy the key of line-9' });
    const destroy = dialog.getByRole('button', { name: 'Destroy the key' });
    expect(await destroy.isDisabled()).toBe(true);
    await dialog.getByLabel('Type its name').fill('line-9');
    if (host === 'browser') await shootAll(page, 'issuers-destroy');
    await destroy.press('Enter');
    await agree(page, 'Lee Lead');
    await page.getByText('The key of line-9 is destroyed').waitFor();
  });

  test('in German, Chinese and Spanish nothing is cut off', async () => {
    const { page, host } = opened();
    await openPlace(page, 'This screen');
    let label = 'Language';
    for (const { language, places, screen, asks } of tongues) {
      await page.getByLabel(label).selectOption(language);
      for (const [name, place] of Object.entries(places)) {
        await openPlace(page, place);
        await page.getByRole('heading', { name: place, level: 1 }).waitFor();
        await page.getByRole('grid').first().waitFor();
        if (host === 'browser') await shoot(page, `${name}-${language}`);
        expect(await stickingOut(page)).toEqual([]);
      }
      await openPlace(page, screen);
      label = asks;
    }
    await page.getByLabel(label).selectOption('en');
  });

  describe('in the end', () => {
    test('nothing was complained about', () => {
      // A station that is killed refuses connections for a while; the rest of what browsers note is no complaint.
      const { complaints } = opened();
      expect(complaints.filter((one) => !/^verbose:|ERR_CONNECTION_REFUSED/.test(one))).toEqual([]);
    });
  });
});
