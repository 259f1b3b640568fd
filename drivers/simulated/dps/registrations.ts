import { etagMatches } from './encoding.ts';
import type { RegistrationState } from './entries.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { Answer, Call } from './route.ts';
import { checkedId } from './schemas.ts';

/** Registration records are made by devices that register; the service API only reads and deletes them. */
export function get(instance: Instance, id = ''): Answer {
  return { status: 200, body: existing(instance, id) };
}

export function remove(instance: Instance, id = '', call: Call): Answer {
  const state = existing(instance, id);
  const ifMatch = call.header('if-match');
  if (ifMatch !== undefined && !etagMatches(ifMatch, state.etag)) throw new DpsError('precondition');
  instance.store.deleteRegistration(id);
  return { status: 204 };
}

/** The `registrationState` member of an individual enrollment. */
export function stateOf(instance: Instance, registrationId: string): object {
  return instance.store.registration(registrationId)?.state ?? { registrationId, status: 'unassigned' };
}

function existing(instance: Instance, id: string): RegistrationState {
  const registration = instance.store.registration(checkedId(id, 'registrationId'));
  if (!registration) throw new DpsError('noRegistration');
  return registration.state;
}
