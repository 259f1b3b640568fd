import type { ReactElement, ReactNode } from 'react';
import styles from './button.module.css';

export type ButtonProps = {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** `main`: what most people came for; `danger`: cannot be undone. */
  readonly kind?: 'plain' | 'main' | 'danger';
  readonly disabled?: boolean;
  /** It is on its way: it takes no second press, and keeps the focus. */
  readonly busy?: boolean;
  /** Says what it is where the word alone does not. */
  readonly label?: string;
  readonly pressed?: boolean;
};

/** A button that a gloved finger hits. */
export function Button({
  children,
  onPress,
  kind = 'plain',
  disabled,
  busy,
  label,
  pressed,
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      className={styles.button}
      data-kind={kind}
      disabled={disabled}
      aria-disabled={busy}
      aria-label={label}
      aria-pressed={pressed}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {children}
    </button>
  );
}
