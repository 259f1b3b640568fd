// What a unit does for the ways of its keys: it agrees on a channel, and carries commands to its TPM.
import { agreeChannel } from '../../protocols/channel.ts';
import { maxTpm, tpmHeader } from '../../protocols/uart-v1-messages.ts';
import { asksTpm, type Decide, refuses, registrationOf, says, takes } from './unit-state.ts';

export const channel: Decide<'channel'> = (state, { operation, stationKey }, parts) => {
  const { kept } = state;
  // What came under an earlier channel can no longer be opened.
  const next = { kept };
  if (!takes(parts, 'channel')) return refuses(next, 'unknown-delivery');
  const registrationId = registrationOf(kept);
  if (registrationId === undefined) return refuses(next, 'not-provisioned');
  const own = parts.ephemeral();
  const unitKey = own.point;
  const bound = { operation: Buffer.from(operation), registrationId };
  // The private half ends here: what is kept is the key for one object.
  const envelope = agreeChannel(own, stationKey, { stationKey, unitKey }, bound);
  if (envelope === undefined) return refuses(next, 'bad-point');
  return says({ kept, channel: { operation: bound.operation, envelope } }, { unitKey });
};

export const tpm: Decide<'tpm'> = (state, { command }, { tpm: own }) => {
  if (own === undefined) return refuses(state, 'no-tpm');
  return asksTpm(state, async () => {
    const response = await own.execute(command);
    if (response.length > maxTpm) return refuses(state, 'too-long');
    return response.length < tpmHeader ? refuses(state, 'no-tpm') : says(state, { response });
  });
};
