import { type ReactElement, useState } from 'react';
import type { SettingsView } from '../../../station-core/contract/settings.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { TextField } from '../../ui/field.tsx';
import { LanePorts } from '../../ui/lane-ports.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type Draft, draftOf, settingsOf, type WrongSetting, wrongIn } from './draft.ts';
import { scannerOf } from './scanner-draft.ts';
import { Scanners } from './scanners.tsx';
import styles from './settings.module.css';

/** What of the station's own file people change here: lanes, place, budget, where backups go. */
export default function SettingsScreen(): ReactElement {
  const { t } = useSay();
  const { value, error, again } = useAsk('settings.show', {});
  return (
    <>
      <h1>{t('settings.title')}</h1>
      {error && <Problem error={error} again={again} />}
      {value && <Restart view={value} />}
      {value && <Form key={JSON.stringify(value.settings)} view={value} onSaved={again} />}
    </>
  );
}

/** Whether what was saved waits for the next start, and the button that brings it. */
function Restart({ view: { station, mode, waiting, restarts } }: { view: SettingsView }): ReactElement {
  const { act } = useStation();
  const may = useMay();
  const { t } = useSay();
  const [asking, setAsking] = useState(false);
  const button = (
    <Button disabled={!restarts} onPress={() => setAsking(true)}>
      {t('settings.restart')}
    </Button>
  );
  return (
    <Panel title={station} buttons={may('settings.restart') ? button : undefined}>
      <Facts
        facts={[
          [t('setup.overview.mode'), t(`setup.mode.${mode}`)],
          [t('settings.inForce'), t(waiting ? 'settings.waiting' : 'settings.current')],
        ]}
      />
      {!restarts && <p>{t('settings.byCommand')}</p>}
      {asking && (
        <Confirm
          title={t('settings.restart')}
          word={t('settings.restartNow')}
          onConfirm={async () => {
            await act('settings.restart', {});
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('settings.restartMeans')}</p>
        </Confirm>
      )}
    </Panel>
  );
}

function Form({ view, onSaved }: { view: SettingsView; onSaved: () => void }): ReactElement {
  const { act } = useStation();
  const may = useMay();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [draft, setDraft] = useState<Draft>(() => draftOf(view.settings));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const wrong = wrongIn(draft);
  const save = () =>
    run(async () => {
      await act('settings.change', settingsOf(draft));
      onSaved();
    });
  const mayChange = may('settings.change');
  const first = Object.values(wrong)[0];
  return (
    <fieldset className={styles.form} disabled={!mayChange} aria-label={t('settings.title')}>
      <Panel title={t('setup.pages.lanes')}>
        <p>{t('setup.lanes.about')}</p>
        <LanePorts
          lanes={draft.lanes}
          scanners={draft.scanners.map(scannerOf)}
          onChange={(lanes) => change({ lanes })}
        />
        <p className={styles.wrong} role="status">
          {wrong.lanes && t(`setup.wrong.${wrong.lanes}`)}
        </p>
      </Panel>
      <Scanners draft={draft} change={change} wrong={wrong} />
      <Others draft={draft} change={change} wrong={wrong} />
      {mayChange && (
        <div className={styles.save}>
          <Button kind="main" busy={busy} disabled={first !== undefined} onPress={save}>
            {t('settings.save')}
          </Button>
          <p>{t('settings.saveMeans')}</p>
        </div>
      )}
      {error && <Problem error={error} />}
    </fieldset>
  );
}

export type OthersProps = {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly wrong: WrongSetting;
};

function Others({ draft, change, wrong }: OthersProps): ReactElement {
  const { t } = useSay();
  return (
    <Panel title={t('settings.others')}>
      <div className={styles.beside}>
        <TextField
          label={t('setup.station.line')}
          value={draft.line}
          onChange={(line) => change({ line })}
          rest={{ maxLength: 64 }}
        />
        <TextField
          label={t('setup.station.room')}
          value={draft.room}
          onChange={(room) => change({ room })}
          rest={{ maxLength: 64 }}
        />
        <TextField
          label={t('setup.cloud.budget')}
          means={t('setup.cloud.budgetMeans')}
          type="number"
          value={draft.budget}
          error={wrong.budget && t(`setup.wrong.${wrong.budget}`)}
          onChange={(budget) => change({ budget })}
          rest={{ min: 1, max: 100_000 }}
        />
        <TextField
          label={t('settings.idle')}
          means={t('settings.idleMeans')}
          type="number"
          value={draft.idle}
          error={wrong.idle && t('settings.idleWrong')}
          onChange={(idle) => change({ idle })}
          rest={{ min: 1, max: 480 }}
        />
        <TextField
          label={t('settings.backupFolder')}
          means={t('settings.backupFolderMeans')}
          value={draft.backupFolder}
          onChange={(backupFolder) => change({ backupFolder })}
          rest={{ maxLength: 4_096 }}
        />
      </div>
    </Panel>
  );
}
