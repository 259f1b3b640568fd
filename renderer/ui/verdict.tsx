import type { ReactElement } from 'react';
import type { Look } from '../looks.ts';
import { Shape } from './shapes.tsx';
import styles from './verdict.module.css';

/** The large word of a lane with its shape, as large as the place allows. */
export function Verdict({ look, word }: { look: Look; word: string }): ReactElement {
  return (
    <div className={styles.place}>
      <div className={styles.verdict} data-look={look} data-letters={word.length}>
        <Shape look={look} className={styles.shape} />
        <span className={styles.word}>{word}</span>
      </div>
    </div>
  );
}
