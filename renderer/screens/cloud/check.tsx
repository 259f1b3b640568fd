import { type ReactElement, useState } from 'react';
import type { CloudCheck } from '../../../station-core/contract/cloud.ts';
import { longWaitMs } from '../../long.ts';
import { type Say, useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './cloud.module.css';
import { warningsOf } from './standing.ts';
import { rightSaid } from './words.ts';

/** The way to the cloud, and what the station may do there, when a person asks. */
export function Check(): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [found, setFound] = useState<CloudCheck>();
  const check = () =>
    run(async () => {
      setFound(await act('sync.check', {}, { waitMs: longWaitMs }));
    });
  const buttons = may('sync.check') && (
    <Button kind="main" busy={busy} onPress={check}>
      {t('cloud.check.run')}
    </Button>
  );
  return (
    <Panel title={t('cloud.check.title')} buttons={buttons}>
      <p>{busy ? t('cloud.check.running') : t('cloud.check.means')}</p>
      {error && <Problem error={error} />}
      {found && <Found check={found} />}
    </Panel>
  );
}

function Found({ check }: { check: CloudCheck }): ReactElement {
  const { t } = useSay();
  const { ok, host, idScope, skewMs, emulator, error, way } = check;
  const look = ok ? 'ready' : 'aborted';
  return (
    <>
      <div className={styles.standing} data-look={look} role="status">
        <Shape look={look} className={styles.shape} />
        <strong>{t(ok ? 'cloud.check.ok' : 'cloud.check.notOk')}</strong>
      </div>
      {error && <Problem error={error} />}
      <Facts
        facts={[
          [t('cloud.host'), host],
          [t('cloud.check.scope'), idScope],
          [t('cloud.check.caller'), callerSaid(check, t)],
          [
            t('cloud.check.skew'),
            skewMs === undefined ? undefined : t('cloud.check.skewIs', { seconds: Math.round(skewMs / 1_000) }),
          ],
        ]}
      />
      {emulator && <p>{t('cloud.check.emulator')}</p>}
      {warningsOf(check).map((name) => (
        <p key={name}>
          <strong>{t(`cloud.check.warnings.${name}`)}</strong>
        </p>
      ))}
      <Facts facts={way.map(({ step, found }) => [t(`cloud.check.steps.${step}`), found] as const)} />
      <Rights check={check} />
    </>
  );
}

function callerSaid({ caller }: CloudCheck, t: Say['t']): string {
  const [, kind, name = ''] = /^(policy|application) (.*)$/.exec(caller) ?? [];
  return kind === 'policy' || kind === 'application' ? t(`cloud.check.callers.${kind}`, { name }) : caller;
}

function Rights({ check: { rights } }: { check: CloudCheck }): ReactElement {
  const say = useSay();
  const { t } = say;
  return (
    <Table
      label={t('cloud.check.rights')}
      rows={rights}
      keyOf={({ what }) => what}
      empty="–"
      columns={[
        { name: 'what', title: t('cloud.check.may'), part: 3, cell: ({ what }) => rightSaid(say, what) },
        { name: 'has', title: t('cloud.check.has'), part: 1, cell: ({ has }) => t(`cloud.check.hasIt.${has}`) },
        {
          name: 'purpose',
          title: t('cloud.check.purpose'),
          part: 2,
          cell: ({ purpose }) => t(`cloud.check.purposes.${purpose}`),
        },
        { name: 'right', title: t('cloud.check.name'), part: 3, cell: ({ right }) => right },
      ]}
    />
  );
}
