import { type ReactElement, useEffect, useState } from 'react';
import { useSay } from '../say.ts';

/** Seconds since a time, from the first whole one on: what takes less than a second needs no clock. */
export function Elapsed({ since, className }: { since: string; className?: string | undefined }): ReactElement | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const { t } = useSay();
  const seconds = Math.floor((now - Date.parse(since)) / 1_000);
  return seconds < 1 ? null : (
    <span className={className}>{t('frame.times.seconds', { seconds: String(seconds) })}</span>
  );
}
