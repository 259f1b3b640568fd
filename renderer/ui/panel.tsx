import { type ReactElement, type ReactNode, useId } from 'react';
import styles from './panel.module.css';

/** A part of a screen with its heading, and what can be done with it beside that. */
export function Panel(props: { title: string; children: ReactNode; buttons?: ReactNode }): ReactElement {
  const { title, children, buttons } = props;
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {buttons && <div className={styles.buttons}>{buttons}</div>}
      </header>
      {children}
    </section>
  );
}

/** Labels and what they say; what is not known is a dash. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }): ReactElement {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Says that there is nothing, and what brings something. */
export function Empty({ children }: { children: ReactNode }): ReactElement {
  return <p className={styles.empty}>{children}</p>;
}
