import { type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { Sections } from '../../ui/sections.tsx';
import { Check } from './check.tsx';
import { Compare } from './compare.tsx';
import { Gap } from './gap.tsx';
import { Uploads } from './uploads.tsx';

const sections = ['now', 'check', 'gap'] as const;
type Section = (typeof sections)[number];

/** How it stands with the cloud, for a line lead: what waits and why, what came back, what it costs, and the way without a network. */
export default function Cloud(): ReactElement {
  const { t } = useSay();
  const [open, setOpen] = useState<Section>('now');
  const words = Object.fromEntries(sections.map((one) => [one, t(`cloud.sections.${one}`)])) as Record<Section, string>;
  return (
    <>
      <h1>{t('cloud.title')}</h1>
      <Sections label={t('cloud.title')} sections={words} open={open} onOpen={setOpen} />
      {open === 'now' && <Uploads />}
      {open === 'check' && (
        <>
          <Check />
          <Compare />
        </>
      )}
      {open === 'gap' && <Gap />}
    </>
  );
}
