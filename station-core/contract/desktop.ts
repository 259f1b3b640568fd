import * as z from 'zod/mini';
import type { ErrorData } from './errors.ts';
import type { Port } from './rpc.ts';

// What the desktop program says to the station process that it started, and hears of it. Many channels over one pipe: a
// window, or a page that was loaded again, has one of its own, so that no answer goes to a page that is gone. A channel's
// number is never used again.

const channel = z.int().check(z.gte(1));

/** To the station process: a client's message, which opens its channel, or that the client is gone. */
export const toStationSchema = z.union([
  z.strictObject({ channel, closed: z.literal(true) }),
  z.strictObject({ channel, message: z.unknown() }),
]);
export type ToStation = z.output<typeof toStationSchema>;

/** From the station process: that it is open, why it could not open, or a message for a client. */
export type FromStation =
  | { readonly ready: true }
  | { readonly problem: ErrorData }
  | { readonly channel: number; readonly message: unknown };

/** A port that this end can close, too. */
export type ClosablePort = Port & { close(): void };

/** The languages of the screens and of the window's menus. */
export const languages = ['en', 'de', 'zh', 'es'] as const;
export type Language = (typeof languages)[number];

/** What the page tells the window of itself, which knows nothing of lanes and people: one thing at a time, never answered. */
export const wordSchema = z.union([
  /** Lanes work, so the computer must not fall asleep. */
  z.strictObject({ working: z.boolean() }),
  /** The menus are to be in this language. */
  z.strictObject({ language: z.enum(languages) }),
  /** Somebody whose role may opens or leaves the kiosk. */
  z.strictObject({ kiosk: z.boolean() }),
]);
export type Word = z.output<typeof wordSchema>;

/** All that the desktop window's page is given: `window.birthmark`. */
export type Desktop = { connect(): ClosablePort; tell(word: Word): void };
