import type { FileProblem, FileRule } from '../../../station-core/contract/orders.ts';
import type { Say } from '../../say.ts';

/** Every rule's sentence takes its own words, which the problem brings: a test says every sentence with what the station tells. */
type SayRule = (rule: `orders.rules.${FileRule}`, words: FileProblem['details']) => string;

/** What is wrong in a line of an order file, in the person's language. */
export const ruleSentence = (t: Say['t'], { rule, details }: FileProblem): string =>
  (t as SayRule)(`orders.rules.${rule}`, details);
