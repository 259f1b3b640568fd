import { type ReactElement, useEffect } from 'react';
import { createPortal } from 'react-dom';
import type { PersonView } from '../../../station-core/contract/people.ts';
import { barsOf } from '../../code-128.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import styles from './badges.module.css';

/** Modules of the barcode's height; its quiet zones are 10 modules on either side (ISO/IEC 15417). */
const height = 60;
const quiet = 10;

/** Sheets with one card a person, the size of a bank card, for the printer alone; opens the print dialog. */
export function Badges({ people, onPrinted }: { people: readonly PersonView[]; onPrinted: () => void }): ReactElement {
  useEffect(() => {
    window.addEventListener('afterprint', onPrinted, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', onPrinted);
  }, [onPrinted]);
  return createPortal(
    <div className={styles.sheet} data-print="badges">
      {people.map((person) => (
        <Card key={person.badge} {...person} />
      ))}
    </div>,
    document.body,
  );
}

function Card({ name, role, badge }: PersonView): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const { path, width } = barsOf(badge, height);
  return (
    <section className={styles.card}>
      <strong>{name}</strong>
      <span>
        {t(`frame.roles.${role}`)} · {screen.description?.station}
      </span>
      <svg viewBox={`${-quiet} 0 ${width + 2 * quiet} ${height}`} role="img" aria-label={badge}>
        <path d={path} />
      </svg>
      <code>{badge}</code>
    </section>
  );
}
