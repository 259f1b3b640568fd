import type { CloudCheck } from './contract/cloud.ts';
import { StationError } from './contract/errors.ts';
import type { StationParts } from './station-parts.ts';
import { checkUp } from './sync/dps/checkup.ts';

/** The whole check ends after this time, whatever the network does. */
const deadlineMs = 120_000;

/** The way to the cloud and what the station may do there. Throws `cloud.not-configured`. */
export async function checkCloud({ client, dps }: StationParts): Promise<CloudCheck> {
  if (!client) throw new StationError('cloud.not-configured', { what: 'no credential for DPS was given' });
  return checkUp(client.service, dps.idScope, AbortSignal.timeout(deadlineMs));
}
