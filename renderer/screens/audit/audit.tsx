import { type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { useMay, useStation } from '../../station.ts';
import { Problem } from '../../ui/problem.tsx';
import { Sections } from '../../ui/sections.tsx';
import { Exports } from './exports.tsx';
import { Holds } from './holds.tsx';
import { Search } from './search.tsx';
import { Story } from './story.tsx';
import { Trail } from './trail.tsx';

const sections = ['search', 'unit', 'trail', 'exports', 'holds'] as const;
type Section = (typeof sections)[number];

/** What an auditor looks at: entries and their proofs, one unit's life, how the trail stands, exports, holds. */
export default function Audit(): ReactElement {
  const { t } = useSay();
  const { screen } = useStation();
  const may = useMay();
  const [open, setOpen] = useState<Section>('search');
  const shown = sections.filter((one) => one !== 'holds' || may('privacy.holds'));
  const words = Object.fromEntries(shown.map((one) => [one, t(`audit.sections.${one}`)])) as Record<Section, string>;
  const stopped = screen.board?.audit.stopped;
  return (
    <>
      <h1>{t('audit.title')}</h1>
      {stopped && open !== 'trail' && <Problem error={stopped} />}
      <Sections label={t('audit.title')} sections={words} open={open} onOpen={setOpen} />
      {open === 'search' && <Search />}
      {open === 'unit' && <Story />}
      {open === 'trail' && <Trail />}
      {open === 'exports' && <Exports />}
      {open === 'holds' && <Holds />}
    </>
  );
}
