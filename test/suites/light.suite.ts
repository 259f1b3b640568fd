import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptLight } from '../../drivers/lights/kept.ts';
import type { Light } from '../../drivers/lights/light.ts';
import type { StationError } from '../../station-core/contract/errors.ts';
import { type LightState, lightStates } from '../../station-core/contract/lights.ts';

/** The machine may be busy with other tests. */
const patience = { timeout: 20_000 };

/** A device that remembers what it was told, by its states. */
export type LightDevice = {
  readonly light: Light;
  readonly shown: readonly LightState[];
  /** Its cable is pulled, or its server gone; and back again. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
};

/** What every kind of light does. */
export function lightSuite(kind: string, open: () => Promise<LightDevice>): void {
  describe(`a light of kind ${kind}`, () => {
    const never = new AbortController().signal;
    let device: LightDevice;
    beforeEach(async () => {
      device = await open();
    });
    afterEach(() => device.close());

    test('shows every state that it is told, in order', async () => {
      for (const state of lightStates) await device.light.show(state, never);
      await expect.poll(() => device.shown, patience).toEqual(lightStates);
    });

    test('says that it cannot be reached, and by which number, and works again when it is back', async () => {
      await device.unplug();
      const refused = { code: 'light.unreachable', details: { light: 3 } };
      await expect(device.light.show('busy', never)).rejects.toMatchObject(refused);
      await device.plug();
      await device.light.show('passed', never);
      await expect.poll(() => device.shown.at(-1), patience).toBe('passed');
    });

    test('ends with the signal', async () => {
      const stopped = new Error('stopped');
      await expect(device.light.show('busy', AbortSignal.abort(stopped))).rejects.toBe(stopped);
    });

    test('is kept at its last state: told once of a failure, set anew when it is back, off at the end', async () => {
      const told: (string | undefined)[] = [];
      const kept = new KeptLight(device.light, (error: StationError | undefined) => told.push(error?.code));
      kept.set('busy');
      await expect.poll(() => device.shown.at(-1), patience).toBe('busy');
      await device.unplug();
      kept.set('failed');
      await expect.poll(() => told, patience).toEqual(['light.unreachable']);
      kept.set('errored');
      kept.set('passed');
      await device.plug();
      await expect.poll(() => device.shown.at(-1), patience).toBe('passed');
      expect(device.shown).not.toContain('errored');
      // The device shows it before its answer has come back.
      await expect.poll(() => told, patience).toEqual(['light.unreachable', undefined]);
      await kept.close();
      await expect.poll(() => device.shown.at(-1), patience).toBe('off');
    });
  });
}
