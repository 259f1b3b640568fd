import { type ReactElement, useEffect, useState } from 'react';
import { useSay } from '../../say.ts';
import { useAsk, useMay, useStation } from '../../station.ts';
import { Problem } from '../../ui/problem.tsx';
import { ClockNotice } from '../issuers/clock.tsx';
import { GroupKeys } from './group-keys.tsx';
import { Keys } from './keys.tsx';
import { Lists } from './lists.tsx';
import { Latency, State, Token } from './state.tsx';

/** The HSM: whether it answers and how fast, its keys with what was read back of them, and what else the station keeps under it. */
export default function HsmScreen(): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const may = useMay();
  const now = screen.board?.hsm;
  const { value, error, again } = useAsk('hsm.inspect', {}, `${now?.state} ${useMinute()}`);
  const hsm = now ?? value?.hsm;
  return (
    <>
      <h1>{t('hsm.title')}</h1>
      <ClockNotice />
      {error && <Problem error={error} again={again} />}
      {hsm && <State hsm={hsm} onUnlocked={again} />}
      {hsm && <Latency hsm={hsm} lastHour={value?.lastHour ?? []} />}
      {value && <Keys keys={value.keys} />}
      {hsm && <Token hsm={hsm} />}
      {may('hsm.makeUnwrappingKey') && hsm?.state === 'ready' && <GroupKeys onChanged={again} />}
      <Lists />
    </>
  );
}

/** Counts minutes, so that what the station keeps by the minute is asked for again. */
function useMinute(): number {
  const [minute, setMinute] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setMinute((before) => before + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  return minute;
}
