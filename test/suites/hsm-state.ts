import type { Hsm, HsmState } from '../../drivers/hsm/hsm.ts';

/** Resolves as soon as the HSM is in this state, at once when it is already. */
export async function untilState(hsm: Hsm, wanted: HsmState['state']): Promise<HsmState> {
  const { promise, resolve } = Promise.withResolvers<HsmState>();
  const end = hsm.onState((state) => {
    if (state.state === wanted) resolve(state);
  });
  const { state, reason } = await hsm.status();
  if (state === wanted) resolve({ state, reason });
  return promise.finally(end);
}
