import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import type { Method, Params, Result } from '../station-core/contract/api.ts';
import { asStationError, type ErrorCode, type ErrorData } from '../station-core/contract/errors.ts';
import { ruleOf } from '../station-core/contract/roles.ts';
import type { Screen, StationClient } from './client.ts';
import type { ScanDesk } from './desk.ts';
import type { PlaceName } from './places.ts';
import type { PreferenceStore } from './preferences.ts';
import type { TourStore } from './touring.ts';

/** What every screen stands on. */
export type StationPage = {
  readonly client: StationClient;
  readonly desk: ScanDesk;
  readonly preferences: PreferenceStore;
  readonly tour: TourStore;
  readonly screen: Screen;
  readonly place: PlaceName;
  readonly go: (place: PlaceName) => void;
  /** Opens the help page of a code over whatever is open, which stays as it is. */
  readonly explain: (code: ErrorCode) => void;
  /**
   * Makes a call as the person who is signed in. Where a second person has to agree, they are asked here, and agree to exactly
   * this. `waitMs`: longer for what takes long. Throws the station's error, or `Declined` when nobody agreed.
   */
  readonly act: <M extends Method>(
    method: M,
    params: Params<M>,
    how?: { readonly waitMs?: number },
  ) => Promise<Result<M>>;
};

/** The second person was asked and it was not done; nothing is wrong. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

export const StationContext = createContext<StationPage | undefined>(undefined);

export function useStation(): StationPage {
  const page = useContext(StationContext);
  if (!page) throw new TypeError('a screen outside of its page');
  return page;
}

/** Whether the person who is signed in may make this call; what they may not do is not offered. */
export function useMay(): (method: Method) => boolean {
  const { person } = useStation().screen;
  return (method) => {
    const { who } = ruleOf(method);
    return who === 'anyone' || (person !== undefined && who.includes(person.role));
  };
}

/** What became of a question to the station. What was told last stays while it is asked again. */
export type Asked<T> = {
  readonly value: T | undefined;
  readonly error: ErrorData | undefined;
  readonly asking: boolean;
  readonly again: () => void;
};

/**
 * Asks the station, and again when the parameters change, when `anew` does, and when the connection is back. Only for calls
 * that change nothing.
 */
export function useAsk<M extends Method>(method: M, params: Params<M>, anew?: unknown): Asked<Result<M>> {
  const { client, screen } = useStation();
  const online = screen.connection === 'online';
  const [told, setTold] = useState<{ value?: Result<M>; error?: ErrorData; asking: boolean }>({ asking: true });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const asked = JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` and `anew` are what asks again.
  useEffect(() => {
    if (!online) return;
    let stale = false;
    setTold((before) => ({ ...before, asking: true }));
    client.call(method, JSON.parse(asked) as Params<M>).then(
      (value) => {
        if (!stale) setTold({ value, asking: false });
      },
      (thrown: unknown) => {
        const error = asStationError(thrown, () => 'screen').toData();
        if (!stale) setTold((before) => ({ ...before, error, asking: false }));
      },
    );
    return () => {
      stale = true;
    };
  }, [client, method, asked, online, turn, anew]);
  return { value: told.value, error: told.error, asking: told.asking, again };
}

/** Something that a person has done: whether it is on its way, and why it did not work. */
export type Doing = {
  readonly busy: boolean;
  readonly error: ErrorData | undefined;
  /** Does it, unless it is on its way already. */
  readonly run: (work: () => Promise<void>) => void;
  /** Takes the error off the screen. */
  readonly forget: () => void;
};

/** For a button: does one thing at a time, and keeps its error for the screen. */
export function useDo(): Doing {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData>();
  const run = useCallback((work: () => Promise<void>) => {
    const doing = async () => {
      setBusy(true);
      setError(undefined);
      try {
        await work();
      } catch (thrown) {
        if (!(thrown instanceof Declined)) setError(asStationError(thrown, () => 'screen').toData());
      } finally {
        setBusy(false);
      }
    };
    void doing(); // every end of it is kept in the state
  }, []);
  return { busy, error, run, forget: useCallback(() => setError(undefined), []) };
}
