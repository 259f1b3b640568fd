import './jitless.ts';
import './screen.css';
import { type ReactElement, StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { StationClient } from './client.ts';
import { ScanDesk } from './desk.ts';
import { Lanes } from './screens/lanes.tsx';
import { Notice } from './screens/notice.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Unlock } from './screens/unlock.tsx';
import { connect, inWindow, knowsStation } from './socket.ts';
import { text } from './text.ts';

const client = new StationClient(() => connect(window), window.sessionStorage);
const desk = new ScanDesk({
  lanes: () => {
    const { connection, board } = client.screen.get();
    return connection === 'online' ? board?.lanes : undefined;
  },
  startRun: (lane, serial) => client.startRun(lane, serial),
});

let before = client.screen.get().connection;
client.screen.subscribe(() => {
  const { connection } = client.screen.get();
  if (connection === 'online' && before === 'lost') desk.reconnected();
  before = connection;
});

function App(): ReactElement {
  const screen = useSyncExternalStore(client.screen.subscribe, client.screen.get);
  const { board, description, connection, problem } = screen;
  if (board) return <Lanes screen={screen} board={board} desk={desk} client={client} />;
  if (description?.hsm === 'locked' && connection !== 'lost')
    return <Unlock client={client} station={description.station} />;
  if (connection === 'online' && description) return <SignIn client={client} station={description.station} />;
  if (inWindow) return <Notice says={problem ? text.notOpened : text.connectingTo} problem={problem} />;
  const says = connection === 'lost' ? text.lostMeans(text.time(screen.lostAt ?? '')) : text.connectingTo;
  return <Notice says={says} problem={problem} />;
}

function Addressless(): ReactElement {
  return <Notice says={text.noToken} />;
}

const place = document.getElementById('screen');
if (!place) throw new TypeError('index.html has no place for the screen');
const known = knowsStation(window);
if (known) client.start();
createRoot(place).render(<StrictMode>{known ? <App /> : <Addressless />}</StrictMode>);
