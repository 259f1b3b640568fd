import { useEffect, useState } from 'react';
import type { Pages } from '../../help/page.ts';
import { pagesIn } from '../../help/pages.ts';
import { type Language, useSay } from '../../say.ts';

/** Every page in the person's language, or why there is none. */
export type Fetched =
  | { readonly state: 'asking' | 'failed' }
  | { readonly state: 'here'; readonly pages: Pages; readonly language: Language };

export function usePages(): Fetched {
  const { language } = useSay();
  const [fetched, setFetched] = useState<Fetched>({ state: 'asking' });
  useEffect(() => {
    let stale = false;
    const told = (next: Fetched) => {
      if (!stale) setFetched(next);
    };
    pagesIn(language).then(
      (pages) => told({ state: 'here', pages, language }),
      () => told({ state: 'failed' }),
    );
    return () => {
      stale = true;
    };
  }, [language]);
  return fetched;
}
