import fc from 'fast-check';
import * as z from 'zod/mini';
import { api, type Method } from '../../station-core/contract/api.ts';

// Messages as nobody's own page would send them: every call with parameters made from its schema, and what becomes of them
// when members are lost, doubled, turned into something else, grown or nested.

/** What is used of JSON Schema, as z.toJSONSchema writes it. */
type Schema = {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

export const methods = Object.keys(api) as readonly Method[];
const schemas = new Map(
  methods.map((method) => [
    method,
    z.toJSONSchema(api[method].params, { io: 'input', unrepresentable: 'any' }) as Schema,
  ]),
);

/** Values that parsers, databases and languages stumble over. */
const odds: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  ' ',
  'NaN',
  'Infinity',
  '\ud800',
  'a\udfffb',
  '\u0000',
  '\u202e',
  '__proto__',
  'constructor',
  "'; DROP TABLE unit; --",
  '../../../etc/passwd',
  '{serial}',
  '🏭'.repeat(40),
  [],
  [[]],
  {},
  { length: -1 },
  { toString: 'x', valueOf: 1 },
];

export type Dice = (below: number) => number;

export class Fuzz {
  readonly #roll: Dice;
  readonly #known: readonly string[];
  readonly #samples = new Map<string, readonly string[]>();
  readonly #seed: number;

  /** `known` are texts that the station knows, so that some messages get far. */
  constructor(roll: Dice, seed: number, known: readonly string[]) {
    this.#roll = roll;
    this.#seed = seed;
    this.#known = known;
  }

  pick<T>(list: readonly T[]): T {
    const one = list[this.#roll(list.length)];
    if (one === undefined && list.length === 0) throw new TypeError('nothing to pick from');
    return one as T;
  }

  /** Parameters that the call's schema takes, or nearly: refinements are not in it. */
  valid(method: Method): unknown {
    const schema = schemas.get(method) ?? {};
    return this.#made(schema, schema, 0);
  }

  /** One to three changes somewhere in a value. */
  mutated(value: unknown): unknown {
    let changed = value;
    for (let times = 1 + this.#roll(3); times > 0; times--) changed = this.#change(changed, 0);
    return changed;
  }

  /** Anything but what is asked for. */
  odd(): unknown {
    const kinds = [
      () => this.pick(odds),
      () => nested(1 + this.#roll(50)),
      () => nested(2_000),
      () => 'x'.repeat(1 + this.#roll(100_000)),
      () => Array.from({ length: this.#roll(1_000) }, (_, at) => at),
      () => JSON.parse(`{"__proto__":{"role":"lead"},"constructor":{"prototype":{"role":"lead"}}}`) as unknown,
    ];
    return (kinds[this.#roll(8)] ?? kinds[0])?.();
  }

  #change(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || this.#roll(8) === 0) return this.odd();
    const list = Object.entries(value);
    const at = this.#roll(list.length + 1);
    const [name, inner] = list[at] ?? [this.pick(['more', '__proto__', 'session', 'actor', 'role']), undefined];
    const ways = [
      () => list.toSpliced(at, 1),
      () => list.with(Math.min(at, list.length - 1), [name, this.#change(inner, depth + 1)]),
      () => [...list, [this.pick(['more', '__proto__', 'toJSON']), this.odd()] as [string, unknown]],
    ];
    const changed = list.length === 0 ? ways[2]?.() : this.pick(ways)();
    // fromEntries defines its members, `__proto__` too, as JSON.parse would.
    return Array.isArray(value) ? (changed ?? []).map(([, one]) => one) : Object.fromEntries(changed ?? []);
  }

  #made(schema: Schema, root: Schema, depth: number): unknown {
    if (schema.$ref) return this.#made(root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, root, depth + 1);
    if ('const' in schema) return schema.const;
    if (schema.enum) return this.pick(schema.enum);
    const forms = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (forms) return this.#made(depth > 6 ? (forms[0] ?? {}) : this.pick(forms), root, depth + 1);
    switch (schema.type) {
      case 'object':
        return this.#object(schema, root, depth);
      case 'array':
        return Array.from({ length: (schema.minItems ?? 0) + this.#roll(3) }, () =>
          this.#made(schema.items ?? {}, root, depth + 1),
        );
      case 'string':
        return this.#text(schema);
      case 'integer':
      case 'number':
        return (schema.minimum ?? 0) + this.#roll(Math.min(9, (schema.maximum ?? 9) - (schema.minimum ?? 0)) + 1);
      case 'boolean':
        return this.#roll(2) === 1;
      default:
        return null;
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema, root: Schema, depth: number): unknown {
    const chosen = Object.entries(properties).filter(([name]) => required.includes(name) || this.#roll(3) === 0);
    const members = chosen.map(([name, one]) => [name, this.#made(one, root, depth + 1)]);
    const more =
      typeof additionalProperties === 'object' && depth < 6
        ? [['one', this.#made(additionalProperties, root, depth + 1)]]
        : [];
    return Object.fromEntries([...members, ...more]);
  }

  #text({ pattern, minLength = 0, maxLength = 40 }: Schema): string {
    if (pattern) return this.pick(this.#samplesOf(pattern));
    if (this.#roll(2) === 0) {
      const known = this.pick(this.#known);
      if (known.length >= minLength && known.length <= maxLength) return known;
    }
    return 'abcdefgh'.repeat(1 + Math.ceil(minLength / 8)).slice(0, Math.max(minLength, 1 + this.#roll(8)));
  }

  #samplesOf(pattern: string): readonly string[] {
    const before = this.#samples.get(pattern);
    if (before) return before;
    // fast-check makes no texts for look-aheads: without them some are refused.
    const known = new RegExp(pattern.replace(/\(\?[!=](\([^)]*\)|[^()])*\)/g, ''));
    const samples = fc.sample(fc.stringMatching(known), { numRuns: 8, seed: this.#seed });
    this.#samples.set(pattern, samples);
    return samples;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
