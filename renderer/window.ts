import type { Desktop, Language } from '../station-core/contract/desktop.ts';
import type { StationClient } from './client.ts';
import { lookOf } from './looks.ts';
import type { PreferenceStore } from './preferences.ts';

/**
 * Tells the desktop window what it cannot know: whether a lane works, so that the computer stays awake, and the language for
 * its menus. While the station is gone nothing is told: its lanes may work on.
 */
export function tellWindow(desktop: Desktop, client: StationClient, preferences: PreferenceStore): void {
  let working = false;
  client.screen.subscribe(() => {
    const { board } = client.screen.get();
    if (!board) return;
    const now = board.lanes.some((lane) => lookOf(lane) === 'busy');
    if (now !== working) desktop.tell({ working: now });
    working = now;
  });
  let said: Language | undefined;
  const sayLanguage = () => {
    const { language } = preferences.get();
    if (language !== said) desktop.tell({ language });
    said = language;
  };
  preferences.subscribe(sayLanguage);
  sayLanguage();
}
