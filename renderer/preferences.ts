import * as z from 'zod/mini';
import { type Language, languageOf, languages } from './say.ts';
import { Store } from './store.ts';

export const themes = ['auto', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** The screen's own measures, from which sizes in millimetres follow. */
const measuresSchema = z.strictObject({
  /** Inches. */
  diagonal: z.number().check(z.gte(5), z.lte(120)),
  /** Metres. */
  distance: z.number().check(z.gte(0.3), z.lte(5)),
});
export type Measures = z.output<typeof measuresSchema>;

const preferencesSchema = z.strictObject({
  theme: z.enum(themes),
  language: z.enum(Object.keys(languages) as [Language, ...Language[]]),
  sound: z.boolean(),
  soundPass: z.boolean(),
  measures: z.optional(measuresSchema),
});
export type Preferences = z.output<typeof preferencesSchema>;

const place = 'birthmark.screen';

/** What this computer's screen is like, kept until somebody changes it. What cannot be read counts as nothing. */
export class PreferenceStore extends Store<Preferences> {
  readonly #storage: Storage;

  constructor(storage: Storage, asked: readonly string[]) {
    const kept = z.safeParse(preferencesSchema, jsonOf(storage.getItem(place)));
    const fresh: Preferences = { theme: 'auto', language: languageOf(asked), sound: true, soundPass: true };
    super(kept.success ? kept.data : fresh);
    this.#storage = storage;
  }

  override change(part: Partial<Preferences>): void {
    super.change(part);
    this.#storage.setItem(place, JSON.stringify(this.get()));
  }
}

/** The colours to draw with: those that were chosen, or what the computer asks for. */
export function coloursOf(theme: Theme, asks: { dark: boolean; contrast: boolean }): Exclude<Theme, 'auto'> {
  if (theme !== 'auto') return theme;
  if (asks.contrast) return 'contrast';
  return asks.dark ? 'dark' : 'light';
}

/** Capitals of 4.1 mm are read at 0.7 m (20′ of arc: ISO 9241-3), and in proportion. */
const capitalAt = (distance: number): number => (4.1 / 0.7) * distance;
/** Of our fonts a capital is so much of the font's size. */
const capitalOfSize = 0.71;

/** The size of text in CSS pixels for a screen that is `width` × `height` CSS pixels in all. */
export function textSize({ diagonal, distance }: Measures, width: number, height: number): number {
  return (capitalAt(distance) * pixelsPerMm(diagonal, width, height)) / capitalOfSize;
}

export const pixelsPerMm = (diagonal: number, width: number, height: number): number =>
  Math.hypot(width, height) / (diagonal * 25.4);

/** Draws the page with these preferences from now on. */
export function applyPreferences(preferences: PreferenceStore, window: Window): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const contrast = window.matchMedia('(prefers-contrast: more)');
  const draw = () => {
    const { theme, measures } = preferences.get();
    const root = window.document.documentElement;
    root.dataset.theme = coloursOf(theme, { dark: dark.matches, contrast: contrast.matches });
    const { width, height } = window.screen;
    // Through the object model: the page's policy allows no style attribute.
    if (measures) root.style.setProperty('--text', `${textSize(measures, width, height).toFixed(2)}px`);
    else root.style.removeProperty('--text');
  };
  preferences.subscribe(draw);
  dark.addEventListener('change', draw);
  contrast.addEventListener('change', draw);
  draw();
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined; // not ours; the schema refuses it
  }
}
