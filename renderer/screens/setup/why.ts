import { useSay } from '../../say.ts';
import type { Why } from './answers.ts';

/** Why an answer cannot stand, in this person's language; nothing where nothing is wrong. */
export function useWhy(): (why: Why | undefined) => string | undefined {
  const { t } = useSay();
  return (why) => (why === undefined ? undefined : t(`setup.wrong.${why}`));
}
