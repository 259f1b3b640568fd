import fc from 'fast-check';
import { type Board, boardOf, newTally } from '../../../renderer/runs.ts';
import type { StationEvent } from '../../../station-core/contract/events.ts';
import { type Outcome, outcomes, type PlannedStep, type RunEvent } from '../../../station-core/contract/run.ts';

// What a station may have written: numbered events of runs on a few lanes, as the screen's tests want them.

export const plan: readonly PlannedStep[] = [
  { name: 'greet', kind: 'reversible' },
  { name: 'release', kind: 'irreversible' },
  { name: 'prove', kind: 'reversible' },
];

const second = (n: number): string => new Date(Date.UTC(2026, 10, 20, 8, 0, n)).toISOString();

export const opened = (n: number, lane: number, serial = `S-${n}`): RunEvent => ({
  type: 'opened',
  at: second(n),
  lane,
  order: 'order-1',
  recipe: 'symmetric-group',
  serial,
  registrationId: serial.toLowerCase(),
  scanned: serial,
  who: 'Tess',
  plan,
});
export const began = (n: number, step: string): RunEvent => ({ type: 'began', at: second(n), step });
export const ended = (n: number, step: string): RunEvent => ({ type: 'ended', at: second(n), step, facts: {} });
export const broke = (n: number, step: string): RunEvent => ({
  type: 'broke',
  at: second(n),
  step,
  error: { code: 'unit.proof-wrong', details: {} },
});
export const closed = (n: number, outcome: Outcome): RunEvent => ({ type: 'closed', at: second(n), outcome });

/** A board of so many lanes on which nothing has happened. */
export function emptyBoard(lanes: number): Board {
  const view = {
    n: 0,
    lanes: Array.from({ length: lanes }, (_, index) => ({
      lane: index + 1,
      port: 'simulated',
      simulated: true,
      attached: true,
    })),
    orders: [
      {
        id: 1,
        name: 'order-1',
        recipe: 'symmetric-group',
        recipeHash: '00',
        state: 'open',
        armed: 'proven',
        quantity: 10,
        finished: 0,
      },
    ],
    backlog: { queued: 0, leased: 0, parked: 0, done: 0 },
    sync: { state: 'idle' },
    audit: { unsealed: 0 },
    scanners: [],
    lights: [],
    hsm: {
      state: 'ready',
      reason: '',
      kind: 'soft',
      token: { label: 't', serial: '1', model: 'm', firmware: 'f' },
      module: { name: 'soft', sha256: '' },
      simulated: true,
      latencyMs: { p50: 1, p99: 2 },
    },
  } as const;
  return boardOf(view, newTally(0));
}

type Move = { readonly lane: number; readonly kind: 'began' | 'ended' | 'broke' | 'closed'; readonly outcome: Outcome };

const move = (lanes: number): fc.Arbitrary<Move> =>
  fc.record({
    lane: fc.integer({ min: 1, max: lanes }),
    kind: fc.constantFrom('began', 'ended', 'broke', 'closed'),
    outcome: fc.constantFrom(...outcomes),
  });

/** Journals in which every lane opens a run before anything else happens in it, and another once that is closed. */
export const journals = (lanes: number): fc.Arbitrary<readonly StationEvent[]> =>
  fc.array(move(lanes), { minLength: 1, maxLength: 40 }).map((moves) => {
    const open = new Map<number, { run: number; step: number }>();
    return moves.map(({ lane, kind, outcome }, index): StationEvent => {
      const n = index + 1;
      const going = open.get(lane);
      if (!going) {
        open.set(lane, { run: n, step: 0 });
        return { n, run: n, event: opened(n, lane) };
      }
      if (kind === 'closed') open.delete(lane);
      const step = plan[going.step++ % plan.length]?.name ?? '';
      return { n, run: going.run, event: eventOf(n, kind, step, outcome) };
    });
  });

function eventOf(n: number, kind: Move['kind'], step: string, outcome: Outcome): RunEvent {
  switch (kind) {
    case 'began':
      return began(n, step);
    case 'ended':
      return ended(n, step);
    case 'broke':
      return broke(n, step);
    case 'closed':
      return closed(n, outcome);
  }
}
