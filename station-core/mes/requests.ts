import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { canonical, type Json } from '../contract/canonical.ts';
import { parse } from '../contract/parse.ts';

// What factory systems send: orders. Their units go through the same reader as an order file (orders/file.ts), line for line.

const line = z.regex(/^[^\r\n]*$/, 'a text on one line');
const serial = z.string().check(z.minLength(1), z.maxLength(128), line);
const mac = z.string().check(z.regex(/^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/, 'a MAC like A1:B2:C3:D4:E5:F6'));
const factName = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,31}$/, 'a fact name'));

export const orderName = z.string().check(z.minLength(1), z.maxLength(80));

/** Recipes come from the station, where two people approved them: an order only names one. */
const recipe = z.union([
  z.strictObject({ name: z.string().check(z.minLength(1), z.maxLength(64)), version: z.int().check(z.gte(1)) }),
  z.strictObject({ hash: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 in lower-case hex')) }),
]);

export const newOrderSchema = z.strictObject({
  recipe,
  units: z
    .array(
      z.strictObject({
        serial,
        mac: z.exactOptional(mac),
        facts: z.exactOptional(z.record(factName, z.string().check(z.maxLength(256), line))),
      }),
    )
    .check(z.minLength(1), z.maxLength(100_000)),
  /** How many of them may be made; all, when left out. */
  quantity: z.exactOptional(z.int().check(z.gte(1))),
});
export type NewOrder = z.output<typeof newOrderSchema>;

/** Throws `input.invalid` with the place. */
export const readNewOrder = (value: unknown): NewOrder => parse(newOrderSchema, value, 'order');

/** What makes two requests the same, whatever the order of their members and their spaces. */
export const requestHash = (name: string, order: NewOrder): Buffer =>
  createHash('sha256')
    .update(canonical({ name, order: order as Json }), 'utf8')
    .digest();

/** The units as an order file: line 1 is its header, so that unit n stands in line n + 2. */
export function fileOf({ units }: NewOrder): string {
  const facts = [...new Set(units.flatMap(({ facts: some = {} }) => Object.keys(some)))].sort();
  const withMac = units.some((unit) => unit.mac !== undefined);
  const lines = units.map(({ serial: of, mac: at = '', facts: some = {} }) => {
    return [of, ...(withMac ? [at] : []), ...facts.map((name) => some[name] ?? '')].map(quoted).join(',');
  });
  return `${[['serial', ...(withMac ? ['mac'] : []), ...facts].join(','), ...lines].join('\n')}\n`;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
