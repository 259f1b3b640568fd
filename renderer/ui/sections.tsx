import type { ReactElement } from 'react';
import { Button } from './button.tsx';
import styles from './sections.module.css';

export type SectionsProps<T extends string> = {
  readonly label: string;
  /** The parts of a screen, each with its word, in their order. */
  readonly sections: Readonly<Record<T, string>>;
  readonly open: T;
  readonly onOpen: (section: T) => void;
};

/** Chooses which part of a screen is shown. */
export function Sections<T extends string>({ label, sections, open, onOpen }: SectionsProps<T>): ReactElement {
  return (
    <nav className={styles.sections} aria-label={label}>
      {(Object.entries(sections) as [T, string][]).map(([name, word]) => (
        <Button key={name} pressed={name === open} onPress={() => onOpen(name)}>
          {word}
        </Button>
      ))}
    </nav>
  );
}
