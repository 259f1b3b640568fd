import { KeptLight } from '../drivers/lights/kept.ts';
import { lightsOf } from '../drivers/lights/registry.ts';
import type { Config } from './config.ts';
import type { ErrorData, StationError } from './contract/errors.ts';
import { isRunEvent, type Progress, type StationEvent } from './contract/events.ts';
import type { LightState, LightView } from './contract/lights.ts';
import type { LaneView } from './contract/record.ts';
import type { Outcome } from './contract/run.ts';
import type { Station } from './station.ts';

/** What a light has to know of a lane. */
type Shown = { readonly last: Outcome | 'busy' | undefined; readonly fault: ErrorData | undefined };

/** From worst to best, as lanes are on the screen: the first that a lane has is what the station's light shows. */
const worstFirst: readonly LightState[] = ['person-needed', 'errored', 'failed', 'busy', 'passed', 'ready'];

const stateOfOutcome: Readonly<Record<Outcome | 'busy', LightState>> = {
  busy: 'busy',
  passed: 'passed',
  failed: 'failed',
  errored: 'errored',
  // Nobody knows what became of the unit: it may not go on by itself.
  indeterminate: 'person-needed',
  // Somebody stopped it and stands there.
  aborted: 'ready',
};

/** What a light shows of a lane. Passed comes from a committed event alone. Pure. */
export function lightStateOf({ last, fault }: Shown): LightState {
  if (fault?.code === 'lane.stopped') return 'person-needed';
  if (fault) return 'errored';
  return last === undefined ? 'ready' : stateOfOutcome[last];
}

/** What the station's light shows of all lanes. Pure. */
export function worstLight(states: Iterable<LightState>): LightState {
  const some = new Set(states);
  return worstFirst.find((state) => some.has(state)) ?? 'ready';
}

/** What lanes show, followed event by event. */
export class ShownLanes {
  readonly #lanes = new Map<number, Shown>();
  readonly #laneOf = new Map<number, number>();

  constructor(views: readonly LaneView[]) {
    for (const { lane, run, fault } of views) {
      this.#lanes.set(lane, { last: run && (run.outcome ?? 'busy'), fault });
      if (run && run.outcome === undefined) this.#laneOf.set(run.id, lane);
    }
  }

  /** The state of a lane, or of the worst one. */
  state(lane: number | undefined): LightState {
    const shown = lane === undefined ? undefined : this.#lanes.get(lane);
    return shown ? lightStateOf(shown) : worstLight([...this.#lanes.values()].map(lightStateOf));
  }

  /** A committed event. Answers whether it may show. */
  event(told: StationEvent): boolean {
    if (!isRunEvent(told)) return false;
    const { run, event } = told;
    if (event.type === 'opened') {
      this.#laneOf.set(run, event.lane);
      this.#lanes.set(event.lane, { last: 'busy', fault: undefined });
      return true;
    }
    const lane = this.#laneOf.get(run);
    if (event.type !== 'closed' || lane === undefined) return false;
    this.#laneOf.delete(run);
    this.#lanes.set(lane, { last: event.outcome, fault: this.#lanes.get(lane)?.fault });
    return true;
  }

  /** What is told at once. Answers whether it may show. */
  progress(told: Progress): boolean {
    if (told.type !== 'lane') return false;
    const before = this.#lanes.get(told.lane);
    if (!before || before.fault?.code === told.fault?.code) return false;
    this.#lanes.set(told.lane, { last: before.last, fault: told.fault });
    return true;
  }
}

/** How it stands with the lights, for whoever looks. */
export class Lights {
  readonly #views = new Map<number, LightView>();
  readonly #tell: (light: LightView) => void;

  constructor(tell: (light: LightView) => void) {
    this.#tell = tell;
  }

  is({ light, lane }: Omit<LightView, 'error'>, error: StationError | undefined): void {
    const view = { light, ...(lane === undefined ? {} : { lane }), ...(error ? { error: error.toData() } : {}) };
    this.#views.set(light, view);
    this.#tell(view);
  }

  view(): readonly LightView[] {
    return [...this.#views.values()].sort((a, b) => a.light - b.light);
  }
}

/** Lets the lights of a configuration show what lanes do; no run waits for one. Answers how to switch them off and let go of them. */
export function openLights({ lights: settings = [] }: Config, station: Station): () => Promise<void> {
  const lanes = new ShownLanes(station.lanes.view());
  const drivers = lightsOf(settings);
  const kept = drivers.map((driver, index) => {
    const lane = settings[index]?.lane;
    const about = { light: index + 1, ...(lane === undefined ? {} : { lane }) };
    const light = new KeptLight(driver, (error) => {
      if (error?.code === 'internal') station.parts.log.incident(error.cause);
      station.lights.is(about, error);
    });
    return { light, lane };
  });
  const show = () => {
    for (const { light, lane } of kept) light.set(lanes.state(lane));
  };
  show();
  const stops = [
    station.records.journal.onEvent((event) => {
      if (lanes.event(event)) show();
    }),
    station.onProgress((progress) => {
      if (lanes.progress(progress)) show();
    }),
  ];
  return async () => {
    for (const stop of stops) stop();
    await Promise.all(kept.map(({ light }) => light.close()));
    // Lights may hang on one board, which is let go of when all of them are off.
    await Promise.all(drivers.map((driver) => driver.close()));
  };
}
