import type { ReactElement, ReactNode } from 'react';
import type { CeremonyView, IssuerView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { StepMark } from '../../ui/shapes.tsx';
import { BringChain } from './chain.tsx';
import styles from './issuers.module.css';
import { Prove } from './prove.tsx';
import { RecordSaving } from './record.tsx';
import { TakeRequest } from './request.tsx';
import { type CeremonyStep, ceremonySteps, type Mark, marksOf } from './standing.ts';
import { Witness } from './witness.tsx';

type Props = { readonly issuer: IssuerView; readonly onChanged: () => void };

/** The ceremony step by step: who must be there, what was done by whom and when, and what comes next. The station keeps how far it came. */
export function Ceremony({ issuer, onChanged }: Props): ReactElement {
  const { t } = useSay();
  const {
    value: ceremony,
    error,
    again,
  } = useAsk('ca.ceremony', { name: issuer.name }, `${issuer.witnessed} ${issuer.state}`);
  const marks = marksOf(issuer);
  return (
    <Panel title={t('issuers.ceremony.title', { name: issuer.name })}>
      {error && <Problem error={error} again={again} />}
      {issuer.state === 'waiting' && <p>{t('issuers.ceremony.resumes')}</p>}
      <ol className={styles.steps}>
        {ceremonySteps.map((step, index) => (
          <Step key={step} number={index + 1} step={step} mark={marks[step]}>
            {ceremony && marks[step] !== 'later' && (
              <Body step={step} mark={marks[step]} issuer={issuer} ceremony={ceremony} onChanged={onChanged} />
            )}
          </Step>
        ))}
      </ol>
      {issuer.state === 'active' && <p className={styles.ready}>{t('issuers.ceremony.ready')}</p>}
    </Panel>
  );
}

const drawn: Readonly<Record<Mark, 'ended' | 'running' | 'waiting'>> = {
  done: 'ended',
  now: 'running',
  later: 'waiting',
  always: 'waiting',
};

type StepProps = {
  readonly number: number;
  readonly step: CeremonyStep;
  readonly mark: Mark;
  readonly children: ReactNode;
};

function Step({ number, step, mark, children }: StepProps): ReactElement {
  const { t } = useSay();
  return (
    <li className={styles.step} data-step={step} data-state={mark}>
      <StepMark state={drawn[mark]} />
      <div>
        <h3>
          {number}. {t(`issuers.ceremony.steps.${step}`)}
          <span className={styles.mark}>{t(`issuers.ceremony.marks.${mark}`)}</span>
        </h3>
        <p className={styles.quiet}>
          {t('issuers.ceremony.who')}: {t(`issuers.ceremony.people.${step}`)}
        </p>
        {children}
      </div>
    </li>
  );
}

type BodyProps = Props & { readonly step: CeremonyStep; readonly mark: Mark; readonly ceremony: CeremonyView };

function Body({ step, mark, issuer, ceremony, onChanged }: BodyProps): ReactElement {
  switch (step) {
    case 'key':
      return <MadeKey ceremony={ceremony} />;
    case 'witness':
      return (
        <>
          <Witness issuer={issuer} ceremony={ceremony} onWitnessed={onChanged} />
          {issuer.witnessed && <RecordSaving issuer={issuer} />}
        </>
      );
    case 'request':
      return <TakeRequest issuer={issuer} done={mark === 'done'} />;
    case 'chain':
      return <BringChain issuer={issuer} done={mark === 'done'} imported={ceremony.imported} onImported={onChanged} />;
    case 'proof':
      return <Prove name={issuer.name} />;
  }
}

function MadeKey({ ceremony: { at, custodians, hsm, key } }: { ceremony: CeremonyView }): ReactElement {
  const { t, dateTime, locale } = useSay();
  const people = new Intl.ListFormat(locale).format(custodians);
  return (
    <p>
      {t('issuers.ceremony.keyDone', { people, at: dateTime(at), hsm: `${hsm.label} (${hsm.serial})` })}{' '}
      <code>{key.label}</code>
    </p>
  );
}
