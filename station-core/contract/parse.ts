import * as z from 'zod/mini';
import { StationError } from './errors.ts';

/**
 * Parses what came from outside, or throws `input.invalid` that names the place and what was expected. The value itself
 * is never quoted, since it may hold a secret: only its kind and size.
 */
export function parse<S extends z.core.$ZodType>(schema: S, value: unknown, place: string): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const issue = first && closest(first);
  const path = issue?.path ?? [];
  throw new StationError('input.invalid', {
    place: [place, ...path.map(String)].filter(Boolean).join('.'),
    expected: issue ? expectation(issue) : 'something else',
    found: describe(at(value, path)),
  });
}

/** What is wrong at one place: the path to it, what was expected there, and the kind and size of what was found. */
export type Problem = {
  readonly path: readonly string[];
  readonly expected: string;
  readonly found: string;
  /** The name of the agreement that does not hold, where it has one (recipe.ts). */
  readonly agreement?: string;
};

/** Everything that a schema finds wrong with a value, in its order; nothing when it fits. */
export function problemsOf(schema: z.core.$ZodType, value: unknown): readonly Problem[] {
  const result = z.safeParse(schema, value);
  if (result.success) return [];
  return result.error.issues.map(closest).map((issue) => ({
    path: issue.path.map(String),
    expected: expectation(issue),
    found: describe(at(value, issue.path)),
    ...agreementOf(issue),
  }));
}

function agreementOf(issue: z.core.$ZodIssue): Pick<Problem, 'agreement'> {
  const named = issue.code === 'custom' ? (issue.params?.agreement as unknown) : undefined;
  return typeof named === 'string' ? { agreement: named } : {};
}

/** Of several forms, what is wrong with the one that fits best: the fewest issues. */
function closest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const [best] = [...issue.errors].sort((one, other) => one.length - other.length);
  const [inner] = best ?? [];
  return inner ? closest({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

/** What a schema wanted, in words a person can act on. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.message && issue.message !== 'Invalid input') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `no field ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}`;
    case 'invalid_format':
      return `a text of the form ${issue.format}`;
    case 'invalid_union':
      return 'one of the known forms';
    case 'invalid_key':
      return `as its name ${issue.issues[0] ? expectation(issue.issues[0]) : 'another one'}`;
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return 'a valid value';
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (typeof value === 'number') return `the number ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
