import { useCallback, useEffect, useRef, useState } from 'react';
import { asStationError, type ErrorData } from '../../../station-core/contract/errors.ts';
import type { ListedUnit } from '../../../station-core/contract/orders.ts';
import { useStation } from '../../station.ts';

const pageLength = 200;

export type UnitPages = {
  readonly rows: readonly ListedUnit[];
  readonly error: ErrorData | undefined;
  /** Fetches the next page; left out at the end. */
  readonly more: (() => void) | undefined;
  readonly again: () => void;
};

/** The units of an order, page after page as they are scrolled to. */
export function useUnits(order: string, state: ListedUnit['state'] | undefined): UnitPages {
  const { client } = useStation();
  const [rows, setRows] = useState<readonly ListedUnit[]>([]);
  const [whole, setWhole] = useState(false);
  const [error, setError] = useState<ErrorData>();
  // Not state: whoever scrolls asks again before the page that came is drawn, and would get it twice.
  const next = useRef<number | null>(0);
  const asking = useRef(false);
  const gone = useRef(false);
  const more = useCallback(() => {
    if (asking.current || next.current === null) return;
    asking.current = true;
    setError(undefined);
    const params = { order, after: next.current, limit: pageLength, ...(state === undefined ? {} : { state }) };
    client
      .call('orders.units', params)
      .then(
        (page) => {
          if (gone.current) return;
          setRows((before) => [...before, ...page.rows]);
          next.current = page.next;
          setWhole(page.next === null);
        },
        (thrown: unknown) => {
          if (!gone.current) setError(asStationError(thrown, () => 'screen').toData());
        },
      )
      .finally(() => {
        asking.current = false;
      });
  }, [client, order, state]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first page alone is fetched by itself.
  useEffect(() => {
    gone.current = false;
    more();
    return () => {
      gone.current = true;
    };
  }, []);
  return { rows, error, more: whole || rows.length === 0 ? undefined : more, again: more };
}
