import { type ReactElement, useState } from 'react';
import type { CertificateView, ExpiringPage } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './certificates.module.css';
import { Rows } from './rows.tsx';

const spans = ['30', '90', '365'] as const;
type Span = (typeof spans)[number];

type Props = {
  readonly anew: number;
  readonly open: number | undefined;
  readonly onOpen: (certificate: CertificateView) => void;
};

/** What ends soon, page by page: those that end first before the others. */
export function Soon({ anew, open, onOpen }: Props): ReactElement {
  const { t } = useSay();
  const [span, setSpan] = useState<Span>('90');
  const [after, setAfter] = useState<ExpiringPage['after']>();
  const { value, error, again } = useAsk('ca.expiring', { days: Number(span), ...(after ? { after } : {}) }, anew);
  const next = value?.after;
  const rows = value?.certificates ?? [];
  return (
    <Panel title={t('certificates.soon.title')}>
      <p className={styles.quiet}>{t('certificates.soon.about')}</p>
      <Choice
        label={t('certificates.soon.days')}
        value={span}
        choices={
          Object.fromEntries(spans.map((one) => [one, t(`certificates.soon.choices.${one}`)])) as Record<Span, string>
        }
        onChange={(chosen) => {
          setSpan(chosen);
          setAfter(undefined);
        }}
      />
      {error && <Problem error={error} again={again} />}
      <Rows
        label={t('certificates.soon.title')}
        rows={rows}
        open={open}
        onOpen={onOpen}
        empty={t(next ? 'certificates.soon.looking' : 'certificates.soon.none')}
      />
      {next && <Button onPress={() => setAfter(next)}>{t('certificates.soon.more')}</Button>}
    </Panel>
  );
}
