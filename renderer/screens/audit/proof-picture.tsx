import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import styles from './audit.module.css';
import type { Proof } from './proof.ts';

// A row for every node of the way, the entry at the bottom and the root on top; beside each node what it is put together with.

const row = 46;
const width = 560;
const box = { width: 150, height: 28 };
const middle = width / 2;

/** The way from the entry up to the root. */
export function ProofPicture({ proof }: { proof: Extract<Proof, { is: 'verified' }> }): ReactElement {
  const { t } = useSay();
  const { leaf, steps } = proof;
  const height = (steps.length + 1) * row;
  const y = (level: number) => height - level * row - row / 2;
  return (
    <svg className={styles.picture} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('audit.proof.picture')}>
      <Node x={middle} y={y(0)} hash={leaf} word={t('audit.proof.entry')} own />
      {steps.map(({ side, sibling, node }, level) => {
        const x = side === 'left' ? middle - 190 : middle + 190;
        const top = level === steps.length - 1;
        return (
          <g key={node}>
            <path
              d={`M${middle} ${y(level) - 14}V${y(level + 1) + 14}M${x} ${y(level) - 14}L${middle} ${y(level + 1) + 14}`}
              stroke="currentColor"
              strokeWidth="2"
              fill="none"
            />
            <Node x={x} y={y(level)} hash={sibling} word={t(`audit.proof.${side}`)} />
            <Node x={middle} y={y(level + 1)} hash={node} word={top ? t('audit.proof.top') : ''} own />
          </g>
        );
      })}
    </svg>
  );
}

type NodeProps = {
  readonly x: number;
  readonly y: number;
  readonly hash: string;
  readonly word: string;
  /** Computed here, and not given. */
  readonly own?: boolean;
};

function Node({ x, y, hash, word, own = false }: NodeProps): ReactElement {
  return (
    <>
      <rect
        x={x - box.width / 2}
        y={y - box.height / 2}
        {...box}
        rx="4"
        fill="var(--panel)"
        stroke="currentColor"
        strokeWidth={own ? 3 : 1.5}
      />
      <text x={x} y={y + 5} textAnchor="middle" fill="currentColor" fontSize="15">
        {`${word} ${hash.slice(0, 8)}…`.trim()}
      </text>
    </>
  );
}
