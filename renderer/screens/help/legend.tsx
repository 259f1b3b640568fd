import type { ReactElement, ReactNode } from 'react';
import type { Look } from '../../looks.ts';
import { useSay } from '../../say.ts';
import type { Sound } from '../../sounds.ts';
import { Panel } from '../../ui/panel.tsx';
import { Shape, StepMark } from '../../ui/shapes.tsx';
import styles from './help.module.css';

/** From the first that a shift sees to what needs somebody. */
const looks: readonly Look[] = ['ready', 'armed', 'busy', 'passed', 'failed', 'errored', 'indeterminate', 'aborted'];
const marks = ['waiting', 'running', 'ended', 'broke'] as const;
const sounds: readonly Sound[] = ['scan', 'pass', 'fail', 'person'];

/** What every verdict, mark and sound means: shape and word say it, colour helps. */
export function Legend(): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.panels}>
      <Panel title={t('help.legend.looks')}>
        <dl className={styles.legend}>
          {looks.map((look) => (
            <Line key={look} says={t(`help.legend.look.${look}`)}>
              <Chip look={look} word={t(`lanes.words.${look}`)} />
            </Line>
          ))}
          <Line says={t('help.legend.noNews')}>
            <Chip look="aborted" word={t('lanes.noNews')} />
          </Line>
          <Line says={t('help.legend.unplugged')}>
            <Chip look="ready" word={t('lanes.unplugged')} />
          </Line>
        </dl>
      </Panel>
      <Panel title={t('help.legend.marks')}>
        <dl className={styles.legend}>
          {marks.map((state) => (
            <Line key={state} says={t(`help.legend.mark.${state}`)}>
              <span className={styles.mark}>
                <StepMark state={state} />
              </span>
            </Line>
          ))}
        </dl>
        <h3>{t('help.legend.sounds')}</h3>
        <dl className={styles.legend}>
          {sounds.map((sound) => (
            <Line key={sound} says={t(`help.legend.sound.${sound}.means`)}>
              {t(`help.legend.sound.${sound}.is`)}
            </Line>
          ))}
        </dl>
        <p>{t('help.legend.headline')}</p>
      </Panel>
    </div>
  );
}

function Line({ children, says }: { children: ReactNode; says: string }): ReactElement {
  return (
    <div>
      <dt>{children}</dt>
      <dd>{says}</dd>
    </div>
  );
}

function Chip({ look, word }: { look: Look; word: string }): ReactElement {
  return (
    <span className={styles.chip} data-look={look}>
      <Shape look={look} className={styles.shape} />
      {word}
    </span>
  );
}
