import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { Facts } from '../../ui/panel.tsx';
import { planOf } from './answers.ts';
import type { PageProps } from './setup.tsx';

/** Everything that was answered, before it has any effect. */
export function OverviewPage({ answers }: PageProps): ReactElement {
  const { t } = useSay();
  const plan = planOf(answers);
  const practice = plan.mode === 'practice';
  const lanes = plan.lanes.map((lane) =>
    lane.kind === 'simulated' ? `${lane.lane}` : `${lane.lane}: ${lane.path}, ${lane.baud}`,
  );
  return (
    <>
      <p>{t('setup.overview.about')}</p>
      <Facts
        facts={[
          [t('setup.overview.mode'), t(`setup.mode.${plan.mode}`)],
          [t('setup.overview.name'), plan.name],
          [t('setup.overview.line'), plan.place?.line],
          [t('setup.overview.room'), plan.place?.room],
          [t('setup.overview.hsm'), practice ? t('setup.overview.soft') : answers.token?.about],
          [
            t('setup.overview.cloud'),
            practice ? t('setup.overview.emulator') : `${plan.dps.idScope}, ${plan.dps.deviceEndpoint}`,
          ],
          [t('setup.overview.budget'), practice ? undefined : String(plan.budgetPerMinute)],
          [t('setup.overview.people'), practice ? t('setup.overview.ready') : `${plan.lead}, ${plan.officer}`],
          [t('setup.overview.lanes'), lanes.join(' · ')],
        ]}
      />
    </>
  );
}
