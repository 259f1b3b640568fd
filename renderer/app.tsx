import { lazy, type ReactElement, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ExportView } from '../station-core/contract/audit.ts';
import type { ErrorCode } from '../station-core/contract/errors.ts';
import type { StationClient } from './client.ts';
import type { ScanDesk } from './desk.ts';
import { type PlaceName, places } from './places.ts';
import type { PreferenceStore } from './preferences.ts';
import { inEnglish, type Language, type Say, SayContext, speak } from './say.ts';
import { listen } from './screens/keys.ts';
import { Notice } from './screens/notice.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { Unlock } from './screens/unlock.tsx';
import { inWindow, knowsStation } from './socket.ts';
import { StationContext, type StationPage } from './station.ts';
import type { TourStore } from './touring.ts';
import { Frame } from './ui/frame.tsx';
import { Safely } from './ui/safely.tsx';
import { useSecondPerson } from './ui/second-person.tsx';

export type AppProps = {
  readonly client: StationClient;
  readonly desk: ScanDesk;
  readonly preferences: PreferenceStore;
  readonly tour: TourStore;
};

/** The page: in somebody's language, the screen that they chose, or what has to be done before there is any. */
export function App(props: AppProps): ReactElement {
  const { language } = useSyncExternalStore(props.preferences.subscribe, props.preferences.get);
  const say = useLanguage(language);
  return (
    <SayContext value={say}>
      <Page {...props} />
    </SayContext>
  );
}

/** What is said in English until the language is here. */
function useLanguage(language: Language): Say {
  const [say, setSay] = useState(inEnglish);
  useEffect(() => {
    let stale = false;
    document.documentElement.lang = language;
    // A language whose file cannot be had leaves the one before; the connection's own notice says why.
    speak(language).then(
      (next) => {
        if (!stale) setSay(next);
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [language]);
  return say;
}

function Page({ client, desk, preferences, tour }: AppProps): ReactElement {
  const screen = useSyncExternalStore(client.screen.subscribeFrames, client.screen.get);
  const [place, setPlace] = useState<PlaceName>('lanes');
  const second = useSecondPerson(client);
  const [explained, setExplained] = useState<ErrorCode>();
  const page = useMemo<StationPage>(
    () => ({ client, desk, preferences, screen, place, tour, ...toldOf(tour, setPlace, setExplained, second.act) }),
    [client, desk, preferences, screen, place, tour, second.act],
  );
  const { board, person } = screen;
  const language = person?.language;
  useEffect(() => {
    if (language) preferences.change({ language });
  }, [language, preferences]);
  // Who may not see the screen that the one before had open begins with the lanes.
  const shown = person && places[place].for.includes(person.role) ? place : 'lanes';
  useLooking(desk, board !== undefined && shown === 'lanes');
  const Shown = places[shown].screen;
  return (
    <StationContext value={page}>
      {board ? (
        <Frame>
          <Safely key={shown}>
            <Suspense fallback={null}>
              <Shown />
            </Suspense>
          </Safely>
        </Frame>
      ) : (
        <Before page={page} />
      )}
      {second.dialog}
      {explained && (
        <Suspense fallback={null}>
          <CodeDialog code={explained} onClose={() => setExplained(undefined)} />
        </Suspense>
      )}
    </StationContext>
  );
}

/** Fetched where a folder has no station yet. */
const Setup = lazy(() => import('./screens/setup/setup.tsx'));

/** What a person does by the page; a tour goes by it. */
const toldOf = (
  tour: TourStore,
  setPlace: (place: PlaceName) => void,
  setExplained: (code: ErrorCode) => void,
  act: StationPage['act'],
): Pick<StationPage, 'go' | 'explain' | 'act'> => ({
  go: (place) => {
    setPlace(place);
    tour.tell({ what: 'place', place });
  },
  explain: (code) => {
    setExplained(code);
    tour.tell({ what: 'explained', code });
  },
  act: async (method, params, how) => {
    const result = await act(method, params, how);
    if (method === 'audit.export') tour.tell({ what: 'exported', proven: (result as ExportView).proven });
    return result;
  },
});

/** Fetched when somebody asks what a code means. */
const CodeDialog = lazy(() => import('./screens/help/code-dialog.tsx'));

/** Lets the desk hear keys, and know whether people look at the lanes. */
function useLooking(desk: ScanDesk, onLanes: boolean): void {
  useEffect(() => listen(window, desk), [desk]);
  useEffect(() => desk.look(onLanes), [desk, onLanes]);
}

/** What has to happen before there is a board. */
function Before({ page: { client, desk, screen } }: { page: StationPage }): ReactElement {
  const { description, connection, problem, lostAt } = screen;
  if (!knowsStation(window)) return <Notice says={{ what: 'noToken' }} />;
  // It stays while the connection is lost, with what was answered.
  if (description?.toSetUp)
    return (
      <Suspense fallback={null}>
        <Setup />
      </Suspense>
    );
  if (description?.hsm === 'locked' && connection !== 'lost')
    return <Unlock client={client} station={description.station} />;
  if (connection === 'online' && description)
    return <SignIn client={client} desk={desk} description={description} ended={screen.ended} />;
  if (inWindow) return <Notice says={{ what: problem ? 'notOpened' : 'connectingTo' }} problem={problem} />;
  return (
    <Notice
      says={connection === 'lost' ? { what: 'lost', at: lostAt ?? '' } : { what: 'connectingTo' }}
      problem={problem}
    />
  );
}
