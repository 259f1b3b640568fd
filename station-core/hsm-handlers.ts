import { isPublicSample, isPublicSampleCheckValue } from '../drivers/hsm/group-key.ts';
import type { KeyName, SecretKeyRef } from '../drivers/hsm/hsm.ts';
import { auditHsm } from './audit-keys.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { shownKeys } from './hsm-keys.ts';
import { hsmViewOf, viewHsm } from './hsm-view.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';

type HsmMethod = Extract<Method, `hsm.${string}`>;

/** The calls about the HSM and its keys. What changes a key is noted before and after (docs/design.md, Journal and audit). */
export function hsmHandlers(station: Station): Pick<Handlers, HsmMethod> {
  const { hsm } = station.parts;
  return {
    'hsm.unlock': async ({ pin, token }, by) => {
      const which = token === 'audit' ? auditHsm(station.parts) : hsm;
      // The Buffer belongs to the HSM from here on, which zeroes it.
      await which.unlock(Buffer.from(pin, 'utf8'));
      const view = hsmViewOf(await which.status());
      await noteUnlocked(station, by, view.token.serial);
      return view;
    },
    'hsm.inspect': async () => ({
      hsm: await viewHsm(station),
      // A token that is locked or down shows no keys, and what it is like is what people want to know then.
      keys: (await hsm.status()).state === 'ready' ? shownKeys(station, await hsm.list()) : [],
      lastHour: station.hsmHistory.lastHour(),
    }),
    'hsm.importGroupKey': ({ label }, by) => {
      const secret = groupKeyOf(station, by);
      return noted(station, by, 'key.import', label, () => hsm.importGroupKey(label, secret));
    },
    'hsm.makeUnwrappingKey': ({ label }, by) =>
      noted(station, by, 'key.make', label, () => hsm.generateUnwrappingKey(label)),
    'hsm.unwrapGroupKey': ({ label, key, wrapped }, by) =>
      noted(station, by, 'key.unwrap', label, () => unwrap(station, label, key, Buffer.from(wrapped, 'base64'))),
  };
}

/** Nobody has to be signed in for it: the PIN is the right (contract/roles.ts). */
async function noteUnlocked({ records, audit, operators }: Station, by: By, hsm: string): Promise<void> {
  const who = by.actor ? people(operators, by) : {};
  await records.commits.commit(() => audit.append({ action: 'hsm.unlocked', result: 'ok', ...who, details: { hsm } }));
}

/** The key comes beside the call, from a caller in this process, and is zeroed by it. */
function groupKeyOf(station: Station, by: By): Buffer {
  if (!by.secret) {
    const place = 'hsm.importGroupKey';
    throw new StationError('input.invalid', { place, expected: 'a key beside the call', found: 'none' });
  }
  if (station.row.mode === 'production' && isPublicSample(by.secret)) throw new StationError('hsm.public-sample');
  return by.secret;
}

/** In production a key that documents print is destroyed again: what was wrapped shows only once it is unwrapped. */
async function unwrap(
  { parts, row }: Station,
  label: string,
  key: KeyName & { readonly publicKey: string },
  wrapped: Buffer,
): Promise<SecretKeyRef> {
  const unwrapped = await parts.hsm.unwrapGroupKey(label, key, wrapped);
  if (row.mode === 'practice' || !isPublicSampleCheckValue(unwrapped.checkValue)) return unwrapped;
  await parts.hsm.destroyKey(unwrapped);
  throw new StationError('hsm.public-sample');
}

/** Notes who begins what with a key, does it, and notes what came of it. */
async function noted<K extends KeyName & { readonly checkValue?: string }>(
  { records, audit, operators, hsmSerial }: Station,
  by: By,
  action: 'key.import' | 'key.make' | 'key.unwrap',
  label: string,
  act: () => Promise<K>,
): Promise<K> {
  const named = people(operators, by);
  await records.commits.commit(() =>
    audit.append({ action: `${action}-begun`, result: 'ok', ...named, details: { label } }),
  );
  const key = await act();
  const used = { label: key.label, hsm: hsmSerial, checkValue: key.checkValue ?? '' };
  await records.commits.commit(() => audit.append({ action: `${action}-done`, result: 'ok', ...named, key: used }));
  return key;
}
