import type { StationClient } from './client.ts';
import type { Fate, ScanDesk } from './desk.ts';
import type { PreferenceStore } from './preferences.ts';
import { callAgainMs, needsPerson, type Sound, Speaker, soundOf } from './sounds.ts';

/** Lets the board and the scans be heard, unless somebody muted them. */
export function sound(client: StationClient, desk: ScanDesk, preferences: PreferenceStore): void {
  const speaker = new Speaker(() => new AudioContext());
  const play = (what: Parameters<Speaker['play']>[0]) => {
    const { sound: on, soundPass } = preferences.get();
    // Browsers let no page sound before somebody pressed a key or the screen: a scan is enough.
    if (!navigator.userActivation.hasBeenActive) return;
    if (on && !client.screen.get().muted && (what !== 'pass' || soundPass)) speaker.play(what, performance.now());
  };
  let before = client.screen.get().board;
  client.screen.subscribe(() => {
    const { board } = client.screen.get();
    const heard = before && board && before !== board ? soundOf(before, board) : undefined;
    before = board;
    if (heard) play(heard);
  });
  let last = desk.desk.get().last;
  desk.desk.subscribe(() => {
    const { last: now } = desk.desk.get();
    if (now === last) return;
    last = now;
    const heard = now && heardOf(now.fate);
    if (heard) play(heard);
  });
  setInterval(() => {
    const { board, connection } = client.screen.get();
    if (board && connection === 'online' && needsPerson(board)) play('person');
  }, callAgainMs);
}

/** How a scan sounds: it was taken, or it was not and has to be done again. */
function heardOf(fate: Fate): Sound | undefined {
  switch (fate.kind) {
    case 'sending':
    case 'chosen':
      return 'scan';
    case 'test':
      return fate.found.layout === 'same' && !fate.found.capsLock ? 'scan' : 'fail';
    case 'refused':
    case 'unplaced':
    case 'misread':
    case 'missed':
      return 'fail';
    case 'taken':
    case 'armed':
      return undefined;
  }
}
