import type { ReactElement } from 'react';
import type { Look } from '../looks.ts';

// Shape, word and position carry the meaning; colour helps. All shapes are drawn in the ink of what they stand on.

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 9, strokeLinejoin: 'round' } as const;
const line = { ...stroke, strokeWidth: 12, strokeLinecap: 'round' } as const;

const emptySquare = <rect x="14" y="14" width="72" height="72" {...stroke} />;

/** A plug that goes into its square. */
const plugInSquare = (
  <>
    <path d="M14 44v42h72V44" {...stroke} />
    <path d="M50 8v48M32 40l18 20 18-20" {...line} />
  </>
);

const ring = (
  <>
    <circle cx="50" cy="50" r="38" {...stroke} opacity="0.25" />
    <path d="M50 12a38 38 0 0 1 38 38" {...stroke} strokeLinecap="round" />
  </>
);

const tickInCircle = (
  <>
    <circle cx="50" cy="50" r="42" {...stroke} />
    <path d="M30 52l14 15 27-32" {...line} />
  </>
);

const crossInOctagon = (
  <>
    <path d="M32 7h36l25 25v36l-25 25H32L7 68V32z" {...stroke} />
    <path d="M35 35l30 30M65 35L35 65" {...line} />
  </>
);

const hand = (
  <path
    fill="currentColor"
    d="M31 53V22a6 6 0 0 1 12 0v22h2V13a6 6 0 0 1 12 0v31h2V17a6 6 0 0 1 12 0v29h2V29a6 6 0 0 1 12 0v37c0 18-11 29-29 29-13 0-21-5-27-15L13 58c-2-4-1-7 2-9 3-1 6 0 8 3z"
  />
);

const triangle = (
  <>
    <path d="M50 9l43 77H7z" {...stroke} />
    <path d="M50 38v22" {...line} strokeWidth="10" />
    <circle cx="50" cy="74" r="6" fill="currentColor" />
  </>
);

const hatchedDiamond = (
  <>
    <path d="M50 5l45 45-45 45L5 50z" {...stroke} />
    <path d="M28 42l30 30M39 31l30 30M50 20l30 30" {...stroke} strokeWidth="7" />
  </>
);

const shapes: Readonly<Record<Look, ReactElement>> = {
  ready: emptySquare,
  armed: plugInSquare,
  busy: ring,
  passed: tickInCircle,
  failed: crossInOctagon,
  errored: hatchedDiamond,
  aborted: triangle,
  indeterminate: hand,
};

/** The shape of a look; the word stands beside it, so it is hidden from screen readers. */
export function Shape({ look, className }: { look: Look; className?: string | undefined }): ReactElement {
  return (
    <svg viewBox="0 0 100 100" className={className} aria-hidden="true" data-shape={look}>
      {shapes[look]}
    </svg>
  );
}

/** The mark before a step: waiting, running, ended or broke. */
export function StepMark({ state }: { state: 'waiting' | 'running' | 'ended' | 'broke' }): ReactElement {
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true" data-mark={state}>
      {state === 'waiting' && <circle cx="50" cy="50" r="30" {...stroke} opacity="0.55" />}
      {state === 'running' && ring}
      {state === 'ended' && <path d="M18 54l22 23 42-50" {...line} strokeWidth="15" />}
      {state === 'broke' && <path d="M24 24l52 52M76 24L24 76" {...line} strokeWidth="16" />}
    </svg>
  );
}
