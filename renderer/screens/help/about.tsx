import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { shipped } from '../../shipped.ts';
import { useStation } from '../../station.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

/** Which program and station this is, and whose work it is made of. */
export function About(): ReactElement {
  const { description } = useStation().screen;
  const { t } = useSay();
  const { licence, packages } = shipped();
  return (
    <>
      <Panel title="Birthmark">
        <p>{t('help.about.means')}</p>
        <Facts
          facts={[
            [t('help.about.version'), description?.version],
            [t('help.about.station'), description?.station],
            [t('help.about.mode'), description && t(`help.about.modes.${description.mode}`)],
            [t('help.about.licence'), licence],
          ]}
        />
        <p>{t('help.about.quiet')}</p>
      </Panel>
      <Panel title={t('help.about.made')}>
        <p>{t('help.about.madeMeans')}</p>
        <Table
          label={t('help.about.made')}
          rows={packages}
          keyOf={({ name, version }) => `${name} ${version}`}
          empty={t('help.nothing')}
          columns={[
            { name: 'name', title: t('help.about.name'), part: 3, cell: ({ name }) => name },
            { name: 'version', title: t('help.about.version'), part: 1, cell: ({ version }) => version },
            {
              name: 'licence',
              title: t('help.about.licence'),
              part: 2,
              cell: ({ licence: its }) => its ?? 'licences.txt',
            },
          ]}
        />
      </Panel>
    </>
  );
}
