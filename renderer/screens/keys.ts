import { gs } from '../../station-core/contract/gs1.ts';
import { hear, lapse, noBurst } from '../bursts.ts';
import type { ScanDesk } from '../desk.ts';
import { burstGapMs, gatheredText } from '../scanner.ts';

const laneKeys = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8'];
/** Where keys are written. */
const fields = 'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]';

/**
 * Captures the keyboard at the window, before any control sees a key, so that a scan never types into one. Returns how
 * to stop.
 */
export function listen(window: Window, desk: ScanDesk): () => void {
  const stop = new AbortController();
  const elsewhere = listenElsewhere(desk);
  const pressed = (event: KeyboardEvent) => {
    if (isTheirs(event)) return;
    if (desk.isOpen && !inField()) pressedOnLanes(desk, event);
    else elsewhere(event);
  };
  window.addEventListener('keydown', pressed, { signal: stop.signal, capture: true });
  return () => stop.abort();
}

/** Tells when the window gains or loses the keyboard. Returns how to stop. */
export function watchFocus(window: Window, listening: (yes: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('focus', () => listening(true), { signal });
  window.addEventListener('blur', () => listening(false), { signal });
  listening(window.document.hasFocus());
  return () => stop.abort();
}

/** Ctrl and Alt together are AltGr, which makes characters; alone they are the browser's. A held key is no scan. */
const isTheirs = (event: KeyboardEvent): boolean =>
  event.metaKey || event.isComposing || event.repeat || (event.ctrlKey !== event.altKey && keyOf(event) !== gs);

/** A scanner that types sends GS1's separator as Ctrl and the key of `]`, wherever that is on this keyboard. */
const keyOf = ({ ctrlKey, altKey, code, key }: KeyboardEvent): string =>
  ctrlKey && !altKey && code === 'BracketRight' ? gs : key;

const inField = (): boolean => document.activeElement?.matches(fields) ?? false;

function pressedOnLanes(desk: ScanDesk, event: KeyboardEvent): void {
  const key = keyOf(event);
  // With Shift they are no lane's: Shift+F1 asks for help (ui/frame.tsx).
  const lane = event.shiftKey ? 0 : laneKeys.indexOf(key) + 1;
  if (lane > 0) desk.select(lane);
  else if (key === 'F10' && !event.shiftKey) desk.retry(event.timeStamp);
  else if (isOurs(desk, key)) desk.press(key, event.timeStamp);
  else return;
  keep(event);
}

/** Enter and the space bar press the focused control, unless they belong to a code that is being gathered. */
function isOurs(desk: ScanDesk, key: string): boolean {
  if (key === 'Enter' || key === ' ') return gatheredText(desk.desk.get().scanner) !== '';
  return key === 'Escape' || key === 'Backspace' || [...key].length === 1;
}

function keep(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Codes in the middle of something else: taken, and kept from whatever has the focus. */
function listenElsewhere(desk: ScanDesk): (event: KeyboardEvent) => void {
  let bursts = noBurst;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const giveBack = (text: string | undefined) => {
    // The way that keeps undo and tells React: deprecated, and without a successor (WHATWG, execCommand).
    if (text) document.execCommand('insertText', false, text);
  };
  return (event) => {
    const { prefix } = desk.scanning;
    const heard = hear(bursts, keyOf(event), event.timeStamp, { inField: inField(), prefix });
    bursts = heard.bursts;
    giveBack(heard.back);
    if (heard.keep) keep(event);
    if (heard.code !== undefined) desk.scanned(heard.code, event.timeStamp);
    clearTimeout(timer);
    if (!bursts.held) return;
    timer = setTimeout(() => {
      const lapsed = lapse(bursts, event.timeStamp + burstGapMs);
      bursts = lapsed.bursts;
      giveBack(lapsed.back);
    }, burstGapMs);
  };
}
