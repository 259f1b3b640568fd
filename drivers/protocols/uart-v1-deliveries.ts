// What travels for a credential, by delivery: its bytes as they are, or encrypted with keys of this transfer alone.
import { StationError } from '../../station-core/contract/errors.ts';
import { agreeChannel, associatedData, type Bound, Ephemeral, forgetKey, seal } from './channel.ts';
import type { CredentialObject, Delivered } from './protocol.ts';
import { sealObject } from './sealed.ts';
import type { Asking } from './uart-v1-asking.ts';
import type { Sent } from './uart-v1-objects.ts';

/** A chain is public, and always sent as it is. */
export const deliveryOf = ({ kind, delivery }: CredentialObject): Delivered['delivery'] =>
  kind === 'chain' ? 'clear' : delivery;

/** What one transfer of the credential sends. Of `channel`: the unit is asked for its half of a new key first. */
export async function prepareCredential(
  asking: Asking,
  credential: CredentialObject,
  signal: AbortSignal,
): Promise<Sent> {
  const { operation, kind, bytes, replaces } = credential;
  const begin = { operation, object: kind, ...(replaces === undefined ? {} : { replaces }) };
  if (kind === 'chain' || credential.delivery === 'clear') {
    return { ...begin, delivery: 'clear', total: bytes.length, bytes, comparable: true };
  }
  const { delivery, registrationId } = credential;
  const bound = { operation, registrationId };
  const envelope =
    delivery === 'sealed'
      ? sealObject(bytes, kind, credential.sealTo, bound)
      : await sealForChannel(asking, bytes, kind, bound, signal);
  return { ...begin, delivery, total: envelope.length, bytes: envelope, comparable: false };
}

async function sealForChannel(
  asking: Asking,
  plain: Buffer,
  kind: string,
  bound: Bound & { readonly operation: Buffer },
  signal: AbortSignal,
): Promise<Buffer> {
  const own = Ephemeral.draw();
  const { operation } = bound;
  const { unitKey } = await asking.ask('channel', { operation, stationKey: own.point }, signal);
  const key = agreeChannel(own, unitKey, { stationKey: own.point, unitKey }, bound);
  if (key === undefined) throw new StationError('unit.garbled', { what: 'channel, unitKey' });
  try {
    return seal(key, associatedData(kind, bound), plain);
  } finally {
    forgetKey(key);
  }
}
