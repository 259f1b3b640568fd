import { type ReactElement, useState } from 'react';
import { api, type Method } from '../../../station-core/contract/api.ts';
import { type Role, roles } from '../../../station-core/contract/record.ts';
import { ruleOf } from '../../../station-core/contract/roles.ts';
import { type Say, useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './roles.module.css';

const methods = Object.keys(api) as Method[];

/** Which call each role may make: the station's own table (contract/roles.ts), in words. */
export default function Roles(): ReactElement {
  const say = useSay();
  const { t } = say;
  const [find, setFind] = useState('');
  const wanted = find.trim().toLowerCase();
  const shown = methods.filter((method) => `${t(`calls.${method}`)} ${method}`.toLowerCase().includes(wanted));
  return (
    <>
      <h1>{t('people.roles.title')}</h1>
      <p className={styles.about}>{t('people.roles.about')}</p>
      <TextField label={t('people.roles.find')} type="search" value={find} onChange={setFind} />
      <Table
        label={t('people.roles.table')}
        rows={shown.map((method) => ({ method }))}
        keyOf={({ method }) => method}
        empty={t('people.roles.nothing')}
        columns={[
          { name: 'call', title: t('people.roles.call'), part: 3, cell: ({ method }) => t(`calls.${method}`) },
          ...roles.map((role) => ({
            name: role,
            title: t(`frame.roles.${role}`),
            part: 2,
            cell: ({ method }: { method: Method }) => <May may={mayOf(say, method, role)} />,
          })),
        ]}
      />
    </>
  );
}

function May({ may: { mark, says } }: { may: { mark: string; says: string } }): ReactElement {
  return (
    <span>
      <span aria-hidden="true">{mark}</span> {says}
    </span>
  );
}

/** A mark and words: no colour tells it. */
function mayOf({ t }: Say, method: Method, role: Role): { mark: string; says: string } {
  const { who, second } = ruleOf(method);
  if (who === 'anyone') return { mark: '●', says: t('people.roles.anyone') };
  if (!who.includes(role)) return { mark: '–', says: t('people.roles.no') };
  if (!second) return { mark: '●', says: t('people.roles.yes') };
  return {
    mark: '◐',
    says: t('people.roles.second', { roles: second.map((one) => t(`frame.roles.${one}`)).join(', ') }),
  };
}
