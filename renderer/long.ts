import { useEffect, useState } from 'react';
import type { Progress } from '../station-core/contract/events.ts';
import { useStation } from './station.ts';

/** How long the page waits for what reads a whole audit trail, or compares all records with the cloud. */
export const longWaitMs: number = 60 * 60_000;

/** What the station last told of something long, while `busy`; nothing before it told anything. */
export function useProgress<T extends Progress['type']>(
  type: T,
  busy: boolean,
): Extract<Progress, { type: T }> | undefined {
  const { client } = useStation();
  const [told, setTold] = useState<Extract<Progress, { type: T }>>();
  useEffect(() => {
    if (!busy) return;
    setTold(undefined);
    return client.onProgress((progress) => {
      if (progress.type === type) setTold(progress as Extract<Progress, { type: T }>);
    });
  }, [client, type, busy]);
  return told;
}

/** Counts on every so many milliseconds, for what no event tells. */
export function useEvery(ms: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return count;
}
