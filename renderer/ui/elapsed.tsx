import { type ReactElement, useEffect, useState } from 'react';
import { useSay } from '../say.ts';

type ElapsedProps = {
  readonly since: string;
  /** How long it takes as a rule, in milliseconds; what is left is told of what takes longer than ten seconds. */
  readonly takes: number | undefined;
  readonly className?: string | undefined;
};

const leftFromMs = 10_000;

/** Seconds since a time, from the first whole one on: what takes less than a second needs no clock. */
export function Elapsed({ since, takes, className }: ElapsedProps): ReactElement | null {
  const [now, setNow] = useState(Date.now);
  const { t, left } = useSay();
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const ms = now - Date.parse(since);
  if (ms < 1_000) return null;
  const rest = takes !== undefined && takes >= leftFromMs && takes > ms ? ` · ${left((takes - ms) / 1_000)}` : '';
  return (
    <span className={className}>
      {t('frame.times.seconds', { seconds: String(Math.floor(ms / 1_000)) })}
      {rest}
    </span>
  );
}
