import { useEffect, useState } from 'react';
import { asStationError, type ErrorData } from '../../../station-core/contract/errors.ts';
import type { OrderPreview, WhichRecipe } from '../../../station-core/contract/orders.ts';
import { useStation } from '../../station.ts';
import type { TextFile } from './text-file.ts';

export type PreviewAsked = {
  /** Of exactly the file and the recipe that are chosen now; none before it is known. */
  readonly value: OrderPreview | undefined;
  readonly error: ErrorData | undefined;
  readonly asking: boolean;
};

const nothing: PreviewAsked = { value: undefined, error: undefined, asking: false };
/** After the last key, so that a person who types is not told of each letter. */
const settledMs = 250;
const waitMs = 120_000;

/** What a file and a recipe would make, asked whenever one of them changes. */
export function usePreview(file: TextFile | undefined, recipe: WhichRecipe | undefined): PreviewAsked {
  const { client } = useStation();
  const [asked, setAsked] = useState(nothing);
  useEffect(() => {
    if (!file || !recipe) {
      setAsked(nothing);
      return;
    }
    let stale = false;
    setAsked({ ...nothing, asking: true });
    const ask = async () => {
      const params = { file: file.name || 'text.csv', text: file.text, recipe };
      try {
        const value = await client.call('orders.preview', params, { waitMs });
        if (!stale) setAsked({ ...nothing, value });
      } catch (thrown) {
        if (!stale) setAsked({ ...nothing, error: asStationError(thrown, () => 'screen').toData() });
      }
    };
    const timer = setTimeout(() => void ask(), settledMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [client, file, recipe]);
  return asked;
}
