import { type ReactElement, useEffect } from 'react';
import { createPortal } from 'react-dom';
import type { PersonView } from '../../../station-core/contract/people.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Barcode } from '../../ui/barcode.tsx';
import styles from './badges.module.css';

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
  return (
    <section className={styles.card}>
      <strong>{name}</strong>
      <span>
        {t(`frame.roles.${role}`)} · {screen.description?.station}
      </span>
      <Barcode text={badge} />
      <code>{badge}</code>
    </section>
  );
}
