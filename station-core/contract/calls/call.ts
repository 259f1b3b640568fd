import * as z from 'zod/mini';

// How a call is declared, and what the parameters of many have.

export const none = z.strictObject({});
export const name = z.string().check(z.minLength(1), z.maxLength(80));
export const serial = z.string().check(z.minLength(1), z.maxLength(128));
export const id = z.int().check(z.gte(1));
export const moduleId = z.string().check(z.regex(/^[A-Za-z0-9._:-]{0,62}[A-Za-z0-9-]$/, 'a module ID'));

export type Call<S extends z.core.$ZodType, R> = { readonly params: S; readonly result?: R };

/** Declares a call: its result's type first, then its parameters' schema. */
export function call<R>(): <S extends z.core.$ZodType>(params: S) => Call<S, R> {
  return (params) => ({ params });
}
