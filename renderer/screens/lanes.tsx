import { type AnimationEvent, type ReactElement, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { StationClient } from '../client.ts';
import type { Desk, ScanDesk } from '../desk.ts';
import { gridOf, headlineOf, isAlarm, nextLane, retryLane } from '../looks.ts';
import type { Board } from '../runs.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import { tourLabels } from '../tour.ts';
import { Band } from '../ui/band.tsx';
import { Coach, TourOffer } from '../ui/coach.tsx';
import { Foot } from '../ui/foot.tsx';
import { Labels } from '../ui/labels.tsx';
import { NotListening } from '../ui/not-listening.tsx';
import { Tile } from '../ui/tile.tsx';
import { watchFocus } from './keys.ts';
import styles from './lanes.module.css';

/** The screen of a line: what every lane does, and where the next scan goes. */
export function Lanes(): ReactElement | null {
  const { screen, desk, client } = useStation();
  const { t } = useSay();
  const scans = useSyncExternalStore(desk.desk.subscribe, desk.desk.get);
  const listening = useListening();
  const acts = useMemo(() => actsOf(client, desk), [client, desk]);
  const { board } = screen;
  if (!board) return null;
  const lost = screen.connection === 'lost';
  const aimed = nextLane(board.lanes, scans.selected, new Set(scans.starting.keys()));
  const practice = screen.description?.mode === 'practice';
  const mayRelease = practice || screen.person?.role === 'lead';
  return (
    <main className={styles.screen} data-practice={practice}>
      <h1 className={styles.title}>{t('frame.places.lanes')}</h1>
      <Band
        scans={scans}
        aimed={aimed}
        headline={headlineOf(board.lanes, scans.selected)}
        scanner={board.scanners.find(({ error }) => error)?.error}
        alarm={isAlarm(board) ? board.streak : undefined}
        lostAt={lost ? screen.lostAt : undefined}
        problem={screen.problem}
      />
      <Tiles
        board={board}
        scans={scans}
        aimed={aimed}
        stale={lost}
        onSelect={acts.select}
        onRelease={mayRelease && !lost ? acts.release : undefined}
        onRetry={lost ? undefined : acts.retry}
      />
      {practice && (
        <Practice labels={screen.description?.labels ?? []} onScan={(label) => desk.click(label, performance.now())} />
      )}
      <Foot board={board} stale={lost} />
      {/* While the connection is lost nothing can be scanned, and why stands where this would. */}
      {!listening && !lost && <NotListening />}
    </main>
  );
}

/** As many labels as fit the smallest screen beside their sentence; with the offer of a tour one less. */
const shown = 6;

/** What a newcomer has: labels to scan, and a tour that says which. */
function Practice({ labels, onScan }: { labels: readonly string[]; onScan: (label: string) => void }): ReactElement {
  const { tour } = useStation();
  const { tour: on, offered } = useSyncExternalStore(tour.subscribe, tour.get);
  const few = on ? tourLabels(labels) : labels.slice(0, offered ? shown - 1 : shown);
  return (
    <div className={styles.newcomer}>
      {on && <Coach />}
      <Labels labels={few} onScan={onScan} bare={on !== undefined} />
      {!on && offered && <TourOffer />}
    </div>
  );
}

/** The same functions at every drawing, so that a tile is drawn only when its lane has changed. */
const actsOf = (client: StationClient, desk: ScanDesk) => ({
  select: (lane: number) => desk.select(lane),
  release: (lane: number) => client.release(lane),
  retry: (lane: number) => void desk.retry(performance.now(), lane),
});

type TilesProps = {
  readonly board: Board;
  readonly scans: Desk;
  readonly aimed: number | undefined;
  readonly stale: boolean;
  readonly onSelect: (lane: number) => void;
  readonly onRelease: ((lane: number) => void) | undefined;
  readonly onRetry: ((lane: number) => void) | undefined;
};

/** The lanes as the fixture has them; they never change places. */
function Tiles({ board, scans, aimed, stale, onSelect, onRelease, onRetry }: TilesProps): ReactElement {
  const { columns, rows } = gridOf(board.lanes.length);
  const retried = retryLane(board.lanes, scans.selected)?.lane;
  const aimOf = (lane: number) =>
    lane === scans.selected ? 'selected' : lane === aimed && !stale ? 'next' : undefined;
  return (
    <div className={styles.tiles} data-grid={`${columns}x${rows}`} onAnimationStart={inUnison}>
      {board.lanes.map((lane) => (
        <Tile
          key={lane.lane}
          lane={lane}
          starting={scans.starting.get(lane.lane)}
          aim={aimOf(lane.lane)}
          stale={stale}
          onSelect={onSelect}
          onRelease={onRelease}
          onRetry={onRetry}
          isRetried={lane.lane === retried}
          takes={lane.run && !lane.run.outcome ? board.took[lane.run.recipe] : undefined}
        />
      ))}
    </div>
  );
}

const beatMs = 1_200;

/** Everything that moves moves at once: sixteen rings that turn as they like would draw the screen anew with every frame. */
function inUnison({ target }: AnimationEvent<HTMLElement>): void {
  if (!(target instanceof Element)) return;
  for (const animation of target.getAnimations()) {
    const at = Number(animation.startTime);
    animation.startTime = at - (at % beatMs);
  }
}

/** Whether keys reach this window. */
function useListening(): boolean {
  const [listening, setListening] = useState(() => document.hasFocus());
  useEffect(() => watchFocus(window, setListening), []);
  return listening;
}
