import { type ReactElement, useState } from 'react';
import type { HsmMinute } from '../../../station-core/contract/hsm.ts';
import type { HsmView } from '../../../station-core/contract/record.ts';
import { grouped } from '../../files.ts';
import type { Look } from '../../looks.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { causeOf } from './causes.ts';
import { curveOf } from './curve.ts';
import styles from './hsm.module.css';

/** Green is for units that passed: an HSM that is ready is no more than ready. */
const looks: Readonly<Record<HsmView['state'], Look>> = { ready: 'ready', locked: 'indeterminate', down: 'errored' };

/** The state as it is read across the room, why it is so, and what to do. */
export function State({ hsm, onUnlocked }: { hsm: HsmView; onUnlocked: () => void }): ReactElement {
  const { t } = useSay();
  const cause = causeOf(hsm);
  return (
    <section className={styles.state} data-look={looks[hsm.state]} data-hsm={hsm.state} aria-label={t('hsm.state')}>
      <Shape look={looks[hsm.state]} className={styles.shape} />
      <strong role="status">{t(`hsm.states.${hsm.state}`)}</strong>
      <div className={styles.means}>
        <p>{t(`hsm.means.${hsm.state}`)}</p>
        {cause && <p>{t(`hsm.causes.${cause.advice}`)}</p>}
        {cause?.code && (
          <p className={styles.code}>
            <code>{t('hsm.codeOf', { code: cause.code })}</code>
          </p>
        )}
      </div>
      {hsm.state === 'locked' && <Unlocking onUnlocked={onUnlocked} />}
    </section>
  );
}

/** Takes the PIN once; it is gone from the page as soon as it is sent. */
function Unlocking({ onUnlocked }: { onUnlocked: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [pin, setPin] = useState('');
  const unlock = () =>
    run(async () => {
      setPin('');
      await act('hsm.unlock', { pin, token: 'station' });
      onUnlocked();
    });
  return (
    <form
      className={styles.unlock}
      onSubmit={(event) => {
        event.preventDefault();
        if (pin !== '') unlock();
      }}
    >
      <TextField
        label={t('hsm.unlock.pin')}
        means={t('hsm.unlock.means')}
        type="password"
        value={pin}
        onChange={setPin}
        rest={{ maxLength: 64 }}
      />
      <Button kind="main" busy={busy} disabled={pin === ''} onPress={unlock}>
        {t('hsm.unlock.submit')}
      </Button>
      {error && <Problem error={error} />}
    </form>
  );
}

const chart = { width: 600, height: 120 };

/** Median and 99th percentile, large, and how the latter ran in the last hour. */
export function Latency({ hsm, lastHour }: { hsm: HsmView; lastHour: readonly HsmMinute[] }): ReactElement {
  const { t, duration } = useSay();
  const { p50, p99 } = hsm.latencyMs;
  return (
    <Panel title={t('hsm.latency.title')}>
      <div className={styles.latency}>
        <dl className={styles.figures}>
          <div>
            <dt>{t('hsm.latency.median')}</dt>
            <dd>{duration(p50)}</dd>
          </div>
          <div>
            <dt>{t('hsm.latency.most')}</dt>
            <dd>{duration(p99)}</dd>
          </div>
        </dl>
        {lastHour.length > 1 ? <Chart lastHour={lastHour} /> : <p className={styles.quiet}>{t('hsm.latency.none')}</p>}
      </div>
    </Panel>
  );
}

function Chart({ lastHour }: { lastHour: readonly HsmMinute[] }): ReactElement {
  const { t } = useSay();
  const { width, height } = chart;
  const { points, top, gaps } = curveOf(lastHour, width, height);
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={t('hsm.latency.chart')}>
        {gaps.map(({ x, width: wide }) => (
          <rect key={x} x={x} y="0" width={wide} height={height} className={styles.gap} />
        ))}
        <polyline points={points} className={styles.curve} />
      </svg>
      <figcaption>
        {t('hsm.latency.chart')} · {t('hsm.latency.top', { ms: String(top) })}
      </figcaption>
    </figure>
  );
}

/** Which token and which module, so that people can compare them with their papers. */
export function Token({ hsm: { kind, token, module, simulated } }: { hsm: HsmView }): ReactElement {
  const { t } = useSay();
  return (
    <Panel title={t('hsm.token.title')}>
      <Facts
        facts={[
          [t('hsm.token.label'), token.label],
          [t('hsm.token.serial'), token.serial],
          [t('hsm.token.model'), token.model],
          [t('hsm.token.firmware'), token.firmware],
          [t('hsm.token.module'), kind === 'soft' ? t('hsm.token.own') : module.name],
          [
            t('hsm.token.sha256'),
            module.sha256 === '' ? null : (
              <code key="sha256" className={styles.hash}>
                {grouped(module.sha256)}
              </code>
            ),
          ],
        ]}
      />
      {simulated && <p>{t('hsm.token.simulated')}</p>}
    </Panel>
  );
}
