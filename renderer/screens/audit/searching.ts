import { useCallback, useEffect, useRef, useState } from 'react';
import type { FoundEntry } from '../../../station-core/contract/audit-search.ts';
import { asStationError, type ErrorData } from '../../../station-core/contract/errors.ts';
import { useStation } from '../../station.ts';
import type { Asked } from './asked.ts';

const atATime = 100;

export type Searching = {
  readonly rows: readonly FoundEntry[];
  /** Where it goes on; nothing when that was all. */
  readonly next: number | undefined;
  readonly busy: boolean;
  readonly error: ErrorData | undefined;
  readonly search: (asked: Asked) => void;
  readonly more: () => void;
};

type State = Pick<Searching, 'rows' | 'next' | 'busy' | 'error'>;
const nothing: State = { rows: [], next: undefined, busy: true, error: undefined };

/** Searches, and goes on until there is a page of entries or no more: the station looks at a thousand at a time. */
export function useSearch(): Searching {
  const { client } = useStation();
  const [state, setState] = useState(nothing);
  const asked = useRef<Asked>({});
  /** Counts searches: what comes for an older one is not shown. */
  const turn = useRef(0);
  const fetchFrom = useCallback(
    async (before: number | undefined, mine: number) => {
      let from = before;
      let found = 0;
      do {
        const place = from === undefined ? {} : { before: from };
        const page = await client.call('audit.search', { ...asked.current, ...place, limit: atATime });
        if (mine !== turn.current) return;
        found += page.entries.length;
        from = page.next;
        const more = from !== undefined && found < atATime;
        setState(({ rows }) => ({ rows: [...rows, ...page.entries], next: from, busy: more, error: undefined }));
      } while (from !== undefined && found < atATime);
    },
    [client],
  );
  const begin = useCallback(
    (before: number | undefined) => {
      const mine = ++turn.current;
      const fetched = fetchFrom(before, mine).catch((thrown: unknown) => {
        const error = asStationError(thrown, () => 'screen').toData();
        if (mine === turn.current) setState((old) => ({ ...old, busy: false, error }));
      });
      void fetched; // every end of it is kept in the state
    },
    [fetchFrom],
  );
  const search = useCallback(
    (wanted: Asked) => {
      asked.current = wanted;
      setState(nothing);
      begin(undefined);
    },
    [begin],
  );
  const more = useCallback(() => {
    if (state.next === undefined || state.busy) return;
    setState((old) => ({ ...old, busy: true }));
    begin(state.next);
  }, [begin, state.next, state.busy]);
  useEffect(() => search({}), [search]);
  return { ...state, search, more };
}
