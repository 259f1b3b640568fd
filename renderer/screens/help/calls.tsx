import { type ReactElement, useState } from 'react';
import { api, type Method } from '../../../station-core/contract/api.ts';
import { type Role, roles } from '../../../station-core/contract/record.ts';
import { ruleOf } from '../../../station-core/contract/roles.ts';
import { type Say, useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import { Empty, Facts, Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './help.module.css';

const methods = Object.keys(api) as Method[];

/** Parts of the table's width: the words of a call, and each role by how long its name is somewhere. */
const parts = { call: 3.2, technician: 1.3, lead: 1.5, 'security-officer': 2, auditor: 1.3 } as const;

/** Which call each role may make: the station's own table (contract/roles.ts), in words. */
export function Calls(): ReactElement {
  const say = useSay();
  const { t } = say;
  const [find, setFind] = useState('');
  const [open, setOpen] = useState<Method>();
  const wanted = find.trim().toLowerCase();
  const shown = methods.filter((method) => `${t(`calls.${method}`)} ${method}`.toLowerCase().includes(wanted));
  return (
    <>
      <p className={styles.about}>{t('people.roles.about')}</p>
      <TextField label={t('people.roles.find')} type="search" value={find} onChange={setFind} />
      {/* Above the table, which grows and shrinks with what is found. */}
      <Who method={open} />
      <Table
        label={t('people.roles.table')}
        rows={shown.map((method) => ({ method }))}
        keyOf={({ method }) => method}
        open={open}
        onOpen={({ method }) => setOpen(method)}
        empty={t('people.roles.nothing')}
        rowsShown={8}
        columns={[
          {
            name: 'call',
            title: t('people.roles.call'),
            part: parts.call,
            cell: ({ method }) => t(`calls.${method}`),
          },
          ...roles.map((role) => ({
            name: role,
            title: t(`frame.roles.${role}`),
            part: parts[role],
            cell: ({ method }: { method: Method }) => <May {...mayOf(say, method, role)} />,
          })),
        ]}
      />
    </>
  );
}

/** Of one call: who may make it, and who else has to agree. */
function Who({ method }: { method: Method | undefined }): ReactElement {
  const { t } = useSay();
  if (!method) {
    return (
      <Panel title={t('people.roles.agrees')}>
        <Empty>{t('people.roles.pick')}</Empty>
      </Panel>
    );
  }
  const { who, second } = ruleOf(method);
  const names = (some: readonly Role[]) => some.map((role) => t(`frame.roles.${role}`)).join(', ');
  return (
    <Panel title={t(`calls.${method}`)}>
      <Facts
        facts={[
          [t('people.roles.who'), who === 'anyone' ? t('people.roles.anyone') : names(who)],
          [t('people.roles.agrees'), second ? names(second) : t('people.roles.nobody')],
          [t('people.roles.name'), <code key={method}>{method}</code>],
        ]}
      />
    </Panel>
  );
}

function May({ mark, says }: { mark: string; says: string }): ReactElement {
  return (
    <span>
      <span aria-hidden="true">{mark}</span> {says}
    </span>
  );
}

/** A mark and words: no colour tells it. */
function mayOf({ t }: Say, method: Method, role: Role): { mark: string; says: string } {
  const { who, second } = ruleOf(method);
  if (who === 'anyone') return { mark: '●', says: t('people.roles.yes') };
  if (!who.includes(role)) return { mark: '–', says: t('people.roles.no') };
  return second ? { mark: '◐', says: t('people.roles.second') } : { mark: '●', says: t('people.roles.yes') };
}
