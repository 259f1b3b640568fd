import { type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Sections } from '../../ui/sections.tsx';
import { About } from './about.tsx';
import { Codes } from './codes.tsx';
import styles from './help.module.css';
import { KeyList } from './key-list.tsx';
import { Legend } from './legend.tsx';
import { RoleList } from './role-list.tsx';
import { ScannerPage } from './scanner-page.tsx';

const sections = ['codes', 'keys', 'scanners', 'legend', 'roles', 'about'] as const;
type Section = (typeof sections)[number];

/** What every code means, keys, scanners, colours and shapes, roles, and what this program is made of. */
export default function Help(): ReactElement {
  const { t } = useSay();
  const { screen, tour, go } = useStation();
  const [open, setOpen] = useState<Section>('codes');
  const words = Object.fromEntries(sections.map((one) => [one, t(`help.sections.${one}`)])) as Record<Section, string>;
  return (
    <>
      <header className={styles.head}>
        <h1>{t('frame.places.help')}</h1>
        {screen.description?.mode === 'practice' && (
          <>
            <span>{t('tour.about')}</span>
            <Button
              onPress={() => {
                tour.begin();
                go('lanes');
              }}
            >
              {t('tour.offer')}
            </Button>
          </>
        )}
      </header>
      <Sections label={t('frame.places.help')} sections={words} open={open} onOpen={setOpen} />
      {open === 'codes' && <Codes />}
      {open === 'keys' && <KeyList />}
      {open === 'scanners' && <ScannerPage />}
      {open === 'legend' && <Legend />}
      {open === 'roles' && <RoleList />}
      {open === 'about' && <About />}
    </>
  );
}
