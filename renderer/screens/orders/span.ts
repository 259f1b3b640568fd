import { useEffect, useMemo, useState } from 'react';

/** How much of the time until now is shown. */
export const spans = { h8: 8, h12: 12, h24: 24 } as const;
export type Span = keyof typeof spans;

/** So often the figures are asked for again while they are shown. */
const everyMs = 5_000;

/** Where the time that is shown begins and ends, and a number that grows as it is to be asked for again. */
export function useSpan(span: Span): { readonly from: string; readonly to: string; readonly turn: number } {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => {
    const now = Date.now();
    return { from: iso(now - spans[span] * 3_600_000), to: iso(now), turn };
  }, [span, turn]);
}

const iso = (ms: number): string => new Date(ms).toISOString();
