import { type ReactElement, useState } from 'react';
import type { Params } from '../../../station-core/contract/api.ts';
import type { CertificateView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './certificates.module.css';
import { type Kind, kinds, questionOf } from './question.ts';
import { Rows } from './rows.tsx';

type Props = {
  readonly anew: number;
  readonly open: number | undefined;
  readonly onOpen: (certificate: CertificateView) => void;
};

/** So many at a time: each comes with its whole certificate. */
const most = 200;

/** The newest certificates, or those that somebody looks for. */
export function Find({ anew, open, onOpen }: Props): ReactElement {
  const { t } = useSay();
  const [params, setParams] = useState<Params<'ca.find'>>({});
  const { value = [], error, asking, again } = useAsk('ca.find', { ...params, most }, anew);
  const asked = Object.keys(params).length > 0;
  const oldest = value.at(-1)?.id;
  return (
    <Panel title={t('certificates.find.title')}>
      <Asking onAsk={setParams} asking={asking} />
      {error && <Problem error={error} again={again} />}
      <p role="status">
        {asked ? t('certificates.find.found', { count: value.length }) : t('certificates.find.newest')}
      </p>
      <Rows
        label={t('certificates.find.title')}
        rows={value}
        open={open}
        onOpen={onOpen}
        empty={t('certificates.none')}
      />
      <div className={styles.buttons}>
        {value.length === most && oldest !== undefined && (
          <Button onPress={() => setParams((before) => ({ ...before, before: oldest }))}>
            {t('certificates.find.more')}
          </Button>
        )}
        {asked && <Button onPress={() => setParams({})}>{t('certificates.find.all')}</Button>}
      </div>
    </Panel>
  );
}

function Asking({ onAsk, asking }: { onAsk: (params: Params<'ca.find'>) => void; asking: boolean }): ReactElement {
  const { t } = useSay();
  const [kind, setKind] = useState<Kind>('registrationId');
  const [typed, setTyped] = useState('');
  const question = questionOf(kind, typed);
  const ask = () => {
    if (question.state === 'right') onAsk(question.params);
  };
  return (
    <form
      className={styles.asking}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Choice
        label={t('certificates.find.by')}
        value={kind}
        choices={
          Object.fromEntries(kinds.map((one) => [one, t(`certificates.find.kinds.${one}`)])) as Record<Kind, string>
        }
        onChange={setKind}
      />
      <TextField
        label={t('certificates.find.what')}
        type="search"
        value={typed}
        onChange={setTyped}
        rest={{ maxLength: 160 }}
        error={question.state === 'wrong' ? t(`certificates.find.${question.why}`) : undefined}
      />
      <Button kind="main" busy={asking} disabled={question.state !== 'right'} onPress={ask}>
        {t('certificates.find.submit')}
      </Button>
    </form>
  );
}
