import type { Page } from 'playwright-core';
import type { Method, Params, Result } from '../../station-core/contract/api.ts';
import { knock } from '../../station-core/door.ts';
import { unitOf } from '../../station-core/practice.ts';

// What specs about keys do beside the screen: calls at the station's own door, as the command line makes them.

/** Makes a call as one of the practice line's ready-made people. */
export async function callAs<M extends Method>(
  folder: string,
  { name, pin }: { readonly name: string; readonly pin: string },
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  const door = await knock(folder);
  if (!door) throw new Error(`nobody answers at ${folder}`);
  try {
    const { session } = await door.client.call('operators.signIn', { name, pin });
    return await door.client.call(method, params, { session, deadlineMs: 60_000 });
  } finally {
    door.close();
  }
}

export const lead = { name: 'Lee Lead', pin: '2222' } as const;
export const auditor = { name: 'Ada Auditor', pin: '4444' } as const;

/** An order for units whose certificates an intermediate signs; accepted without a comparison with the cloud. */
export async function orderFor(folder: string, issuer: string, labels: readonly string[]): Promise<void> {
  const issuers = await callAs(folder, lead, 'ca.list', {});
  const publicKey = issuers.find(({ name }) => name === issuer)?.publicKey ?? '';
  await callAs(folder, lead, 'orders.create', {
    name: `order-${issuer}`,
    recipe: {
      schema: 1,
      name: `recipe-${issuer}`,
      version: 1,
      protocol: 'uart-v1',
      registrationId: 'sn-{serial}',
      attestation: {
        type: 'x509',
        scope: 'individual',
        issuer: { name: issuer, publicKey },
        key: { source: 'unit', algorithm: 'p256' },
        profile: { validityDays: 60, warehouseMonths: 0, renewal: 'by hand' },
      },
      delivery: 'clear',
      lock: false,
      target: 'dps',
    },
    units: labels.map((label) => ({ serial: label, mac: unitOf(label).mac })),
  });
  await callAs(folder, lead, 'orders.arm', { order: `order-${issuer}`, accept: true });
}

/** A second person of the practice line agrees to what the dialog shows. */
export async function agree(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'A second person has to agree' });
  await dialog.waitFor();
  await dialog.getByRole('button', { name, exact: true }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
}
