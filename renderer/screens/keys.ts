import type { ScanDesk } from '../desk.ts';
import { gatheredText } from '../scanner.ts';

const laneKeys = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8'];

/**
 * Captures the keyboard at the window, before any control sees a key, so that a scan never types into one. Tells when
 * the window gains or loses the keyboard. Returns how to stop.
 */
export function listen(window: Window, desk: ScanDesk, listening: (yes: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('keydown', (event) => pressed(desk, event), { signal, capture: true });
  window.addEventListener('focus', () => listening(true), { signal });
  window.addEventListener('blur', () => listening(false), { signal });
  listening(window.document.hasFocus());
  return () => stop.abort();
}

function pressed(desk: ScanDesk, event: KeyboardEvent): void {
  // Ctrl and Alt together are AltGr, which makes characters; alone they are the browser's. A held key is no scan.
  // A dialog that is open has the keys.
  if (document.querySelector('dialog[open]')) return;
  if (event.metaKey || event.ctrlKey !== event.altKey || event.isComposing || event.repeat) return;
  // With Shift they are no lane's: Shift+F1 asks for help (ui/frame.tsx).
  const lane = event.shiftKey ? 0 : laneKeys.indexOf(event.key) + 1;
  if (lane > 0) desk.select(lane);
  else if (event.key === 'F10') desk.retry(event.timeStamp);
  else if (isOurs(desk, event.key)) desk.press(event.key, event.timeStamp);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Enter and the space bar press the focused control, unless they belong to a code that is being gathered. */
function isOurs(desk: ScanDesk, key: string): boolean {
  if (key === 'Enter' || key === ' ') return gatheredText(desk.desk.get().scanner) !== '';
  return key === 'Escape' || key === 'Backspace' || [...key].length === 1;
}
