import { type ReactElement, useState } from 'react';
import type { Reach } from '../../../station-core/contract/setup.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './setup.module.css';
import type { PageProps } from './setup.tsx';
import { useWhy } from './why.ts';

/** Where units register, and whether that answers. */
export function CloudPage({ answers, change, wrong }: PageProps): ReactElement {
  const { client } = useStation();
  const { t } = useSay();
  const why = useWhy();
  const { busy, error, run } = useDo();
  const [reach, setReach] = useState<Reach>();
  const test = () =>
    run(async () => {
      setReach(undefined);
      setReach(await client.call('setup.checkCloud', { deviceEndpoint: answers.deviceEndpoint.trim() }));
    });
  return (
    <>
      <p>{t('setup.cloud.about')}</p>
      <TextField
        label={t('setup.cloud.idScope')}
        means={t('setup.cloud.idScopeMeans')}
        value={answers.idScope}
        error={why(wrong.idScope)}
        onChange={(idScope) => change({ idScope })}
        rest={{ maxLength: 64, required: true }}
      />
      <TextField
        label={t('setup.cloud.endpoint')}
        means={t('setup.cloud.endpointMeans')}
        value={answers.deviceEndpoint}
        error={why(wrong.deviceEndpoint)}
        onChange={(deviceEndpoint) => change({ deviceEndpoint })}
        rest={{ maxLength: 255, required: true }}
      />
      <TextField
        label={t('setup.cloud.budget')}
        means={t('setup.cloud.budgetMeans')}
        type="number"
        value={answers.budget}
        error={why(wrong.budget)}
        onChange={(budget) => change({ budget })}
        rest={{ min: 1, max: 100_000 }}
      />
      <div className={styles.row}>
        <Button busy={busy} onPress={test}>
          {t(busy ? 'setup.cloud.testing' : 'setup.cloud.test')}
        </Button>
      </div>
      <p className={styles.said} role="status">
        {reach && said(reach, t)}
      </p>
      {error && <Problem error={error} />}
      <p>{t('setup.cloud.later')}</p>
    </>
  );
}

function said(reach: Reach, t: ReturnType<typeof useSay>['t']): string {
  const { host } = reach;
  if (reach.reached) return t('setup.cloud.reached', { host, address: reach.address, issuer: reach.issuer });
  return t(`setup.cloud.missed.${reach.why}`, { host, reason: reach.reason });
}
