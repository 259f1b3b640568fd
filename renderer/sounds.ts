import { isAlarm, isStopped, lookOf } from './looks.ts';
import type { Board } from './runs.ts';

// What a line hears. Never said by sound alone: everything that sounds stands on the screen, too.

/** At most four, 500 to 3000 Hz, and at least a fifth apart, so that they are told apart in noise. */
export type Sound = 'scan' | 'pass' | 'fail' | 'person';

type Tone = { readonly from: number; readonly to: number; readonly ms: number };

/** Hertz at the beginning and the end, and milliseconds; between two tones of a sound is a pause of 80 ms. */
export const tones: Readonly<Record<Sound, readonly Tone[]>> = {
  scan: [{ from: 2_200, to: 2_200, ms: 60 }],
  pass: [{ from: 1_400, to: 1_400, ms: 120 }],
  fail: [
    { from: 900, to: 600, ms: 250 },
    { from: 900, to: 600, ms: 250 },
  ],
  person: [
    { from: 1_400, to: 1_400, ms: 150 },
    { from: 1_400, to: 1_400, ms: 150 },
    { from: 1_400, to: 1_400, ms: 150 },
  ],
};

export const pauseMs = 80;
/** What comes within this time of another is one sound: the more urgent of both. */
export const mergeMs = 300;
/** A person is called again and again, until somebody says that they are there. */
export const callAgainMs = 5_000;

const urgency: readonly Sound[] = ['scan', 'pass', 'fail', 'person'];

export const moreUrgent = (one: Sound, other: Sound): boolean => urgency.indexOf(one) > urgency.indexOf(other);

/** What became audible between two looks at the board: runs that closed, lanes that stopped, the same failure for the third time. */
export function soundOf(before: Board, after: Board): Sound | undefined {
  if (needsPerson(after) && !needsPerson(before)) return 'person';
  const sounds = after.lanes.flatMap((lane): Sound[] => {
    const old = before.lanes.find((one) => one.lane === lane.lane);
    if (old && old.run?.id === lane.run?.id && old.run?.outcome === lane.run?.outcome) return [];
    const look = lookOf(lane);
    if (look === 'passed') return ['pass'];
    return look === 'failed' || look === 'errored' || look === 'aborted' ? ['fail'] : [];
  });
  return sounds.reduce<Sound | undefined>((most, one) => (most && !moreUrgent(one, most) ? most : one), undefined);
}

/** Whether somebody has to come: nobody knows what a unit holds, a lane stopped, or the same failure repeats. */
export const needsPerson = ({ lanes, streak, seen }: Board): boolean =>
  isAlarm({ streak, seen }) ||
  lanes.some((lane) => (isStopped(lane) || lookOf(lane) === 'indeterminate') && (lane.run?.id ?? 0) > seen.run);

/** Plays sounds, the more urgent first; what comes too close after another is left out. */
export class Speaker {
  readonly #context: () => AudioContext;
  #audio: AudioContext | undefined;
  #last: { readonly sound: Sound; readonly at: number } | undefined;
  #playing: OscillatorNode[] = [];

  constructor(context: () => AudioContext) {
    this.#context = context;
  }

  /** `at`: milliseconds of a clock that only goes forward. */
  play(sound: Sound, at: number): void {
    if (this.#last && at - this.#last.at < mergeMs && !moreUrgent(sound, this.#last.sound)) return;
    this.#last = { sound, at };
    for (const one of this.#playing.splice(0)) one.stop();
    this.#audio ??= this.#context();
    let start = this.#audio.currentTime;
    for (const tone of tones[sound]) {
      this.#playing.push(begin(this.#audio, tone, start));
      start += (tone.ms + pauseMs) / 1_000;
    }
  }
}

function begin(audio: AudioContext, { from, to, ms }: Tone, start: number): OscillatorNode {
  const oscillator = audio.createOscillator();
  const end = start + ms / 1_000;
  oscillator.frequency.setValueAtTime(from, start);
  oscillator.frequency.linearRampToValueAtTime(to, end);
  oscillator.connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(end);
  return oscillator;
}
