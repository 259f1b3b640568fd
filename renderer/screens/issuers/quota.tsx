import { type ReactElement, useState } from 'react';
import type { IssuerView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './issuers.module.css';
import { isQuota } from './request-form.ts';
import { issuedSaid } from './said.ts';
import { quotaOf } from './standing.ts';

/** How much of its quota an issuer used, and how two people change it. */
export function QuotaPanel({ issuer, onChanged }: { issuer: IssuerView; onChanged: () => void }): ReactElement {
  const say = useSay();
  const { t } = say;
  const may = useMay();
  const quota = quotaOf(issuer);
  return (
    <Panel title={t('issuers.quota.title')}>
      <div className={styles.quota}>
        <strong className={styles.big}>{issuedSaid(issuer, say)}</strong>
        {quota.level !== 'without' && (
          <>
            <meter
              min={0}
              max={1}
              value={quota.part}
              data-level={quota.level}
              aria-label={t('issuers.quota.title')}
              className={styles.bar}
            />
            <p>
              {t('issuers.quota.left', { count: quota.left })}
              {quota.level !== 'enough' && ` ${t(`issuers.quota.${quota.level}`)}`}
            </p>
          </>
        )}
      </div>
      {may('ca.quota') && issuer.state !== 'destroyed' && <Changing issuer={issuer} onChanged={onChanged} />}
    </Panel>
  );
}

function Changing({ issuer, onChanged }: { issuer: IssuerView; onChanged: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [text, setText] = useState(String(issuer.quota ?? ''));
  const wrong = text !== '' && !isQuota(text);
  const change = () =>
    run(async () => {
      await act('ca.quota', { name: issuer.name, quota: text === '' ? null : Number(text) });
      onChanged();
    });
  return (
    <div className={styles.changing}>
      <TextField
        label={t('issuers.quota.label')}
        means={t('issuers.quota.means')}
        value={text}
        onChange={setText}
        error={wrong ? t('issuers.quota.wrong') : undefined}
        rest={{ maxLength: 9, inputMode: 'numeric' }}
      />
      <Button busy={busy} disabled={wrong || text === String(issuer.quota ?? '')} onPress={change}>
        {t('issuers.quota.set')}
      </Button>
      {error && <Problem error={error} />}
    </div>
  );
}
