import type { ErrorCode } from '../../station-core/contract/errors.ts';
import type { en } from './en.ts';

/** The same keys with the words of another language: what lacks one does not compile. */
export type Told<T> = { readonly [K in keyof T]: T[K] extends string ? string : Told<T[K]> };

/** The texts of one language. */
export type Messages = Told<typeof en>;

/** A language: its texts, and the sentence of every error, with the words in braces of the contract's own. */
export type Tongue = { readonly messages: Messages; readonly errors: Readonly<Record<ErrorCode, string>> };
