import './jitless.ts';
import './screen.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { StationClient } from './client.ts';
import { ScanDesk } from './desk.ts';
import { placesOf } from './places.ts';
import { applyPreferences, PreferenceStore } from './preferences.ts';
import { takeSerialScans } from './serial-scans.ts';
import { connect, knowsStation } from './socket.ts';
import { sound } from './sounding.ts';
import { callsSomebody, TourStore } from './touring.ts';
import { confirmDialog } from './ui/dialog.tsx';
import { tellWindow } from './window.ts';

const client = new StationClient(() => connect(window), window.sessionStorage);
const desk = new ScanDesk({
  lanes: () => {
    const { connection, board } = client.screen.get();
    return connection === 'online' ? board?.lanes : undefined;
  },
  startRun: async (lane, serial, how) => {
    await client.call('run.start', { lane, serial, how });
  },
  armLane: (lane, serial, how) => client.call('lane.arm', { lane, serial, how }),
  scanning: () => client.screen.get().description?.scanning ?? { checksum: 'none' },
  hasDialog: () => document.querySelector('dialog[open]') !== null,
  confirm: () => confirmDialog(document),
  seen: () => {
    // Escape means the nearest thing: what calls is seen first, and a chosen lane given back.
    if (desk.desk.get().selected === undefined && !callsSomebody(client.screen.get().board)) tour.leave();
    client.seen();
  },
});
const tour = new TourStore(client, window.localStorage, (role) => placesOf(role).includes('audit'));
const preferences = new PreferenceStore(window.localStorage, navigator.languages);

// Whoever uses keys or pointer is there; a station signs out whom it has not heard of for its minutes.
for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const) {
  window.addEventListener(name, ({ timeStamp }) => client.used(timeStamp), { capture: true, passive: true });
}

let before = client.screen.get().connection;
client.screen.subscribe(() => {
  const { connection } = client.screen.get();
  if (connection === 'online' && before === 'lost') desk.reconnected();
  before = connection;
});

const place = document.getElementById('screen');
if (!place) throw new TypeError('index.html has no place for the screen');
applyPreferences(preferences, window);
sound(client, desk, preferences);
if (window.birthmark) tellWindow(window.birthmark, client, preferences);
takeSerialScans(client, desk, window);
if (knowsStation(window)) client.start();
createRoot(place).render(
  <StrictMode>
    <App client={client} desk={desk} preferences={preferences} tour={tour} />
  </StrictMode>,
);
