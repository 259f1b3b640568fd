import { type ReactElement, useState } from 'react';
import type { ProgramOutput } from '../../../station-core/contract/programmer.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './audit.module.css';

/** What a run's programmer printed, for whoever asks: the entry of the run's end has its hash, and not its words. */
export function Printed({ run, hash }: { run: number; hash: string }): ReactElement {
  const { t } = useSay();
  const [open, setOpen] = useState(false);
  return (
    <>
      <div>
        <Button pressed={open} onPress={() => setOpen(!open)}>
          {t('audit.printed.show')}
        </Button>
      </div>
      {open && <Asked run={run} hash={hash} />}
    </>
  );
}

function Asked({ run, hash }: { run: number; hash: string }): ReactElement {
  const { t } = useSay();
  const { value, error, again } = useAsk('run.output', { run });
  if (error) return <Problem error={error} again={again} />;
  if (!value) return <p role="status">{t('frame.asking')}</p>;
  if (!value.output) return <p role="status">{t('audit.printed.erased')}</p>;
  return <Output output={value.output} hash={hash} />;
}

function Output({ output, hash }: { output: ProgramOutput; hash: string }): ReactElement {
  const { t, number } = useSay();
  const { programmer, program, ended, bytes, sha256, text } = output;
  return (
    <>
      {sha256 !== hash && <p role="alert">{t('audit.printed.other')}</p>}
      <Facts
        facts={[
          [t('audit.printed.programmer'), programmer],
          [t('audit.printed.program'), <code key={program}>{program}</code>],
          [t('audit.printed.ended'), ended],
          [t('audit.printed.bytes'), number(bytes)],
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: axe, scrollable-region-focusable. */}
      <section className={styles.raw} tabIndex={0} aria-label={t('audit.printed.text')}>
        {text === '' ? t('audit.printed.nothing') : text}
      </section>
    </>
  );
}
