import { type ReactElement, useState } from 'react';
import type { Invited, PersonView } from '../../../station-core/contract/people.ts';
import { useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { AddPerson } from './add-person.tsx';
import { Badges } from './badges.tsx';
import { OneTimeCode } from './one-time-code.tsx';
import styles from './people.module.css';
import { Person } from './person.tsx';

/** Who may sign in at this station, as what, and what becomes of them. */
export default function People(): ReactElement {
  const { t } = useSay();
  const may = useMay();
  const { value, error, again } = useAsk('operators.list', {});
  const [open, setOpen] = useState<string>();
  const [told, setTold] = useState<Invited>();
  const [printing, setPrinting] = useState<readonly PersonView[]>();
  const people = value ?? [];
  const person = people.find(({ name }) => name === open);
  const invited = (one: Invited) => {
    setTold(one);
    again();
  };
  return (
    <>
      <h1>{t('people.list.title')}</h1>
      <p className={styles.about}>{t('people.list.about')}</p>
      {error && <Problem error={error} again={again} />}
      <div className={styles.sides}>
        <div className={styles.side}>
          <PeopleTable people={people} open={open} onOpen={setOpen} />
          <div className={styles.buttons}>
            <Button onPress={() => setPrinting(people.filter(({ state }) => state !== 'left'))}>
              {t('people.list.printAll')}
            </Button>
          </div>
          {may('operators.add') && <AddPerson onInvited={invited} />}
        </div>
        {person ? (
          <Person
            key={`${person.name} ${person.role} ${person.state} ${person.otherBadge ?? ''}`}
            person={person}
            onChanged={again}
            onInvited={invited}
            onPrint={() => setPrinting([person])}
          />
        ) : (
          <Panel title={t('people.list.table')}>
            <Empty>{t('people.list.pick')}</Empty>
          </Panel>
        )}
      </div>
      {told && <OneTimeCode invited={told} onTaken={() => setTold(undefined)} />}
      {printing && <Badges people={printing} onPrinted={() => setPrinting(undefined)} />}
    </>
  );
}

type PeopleTableProps = {
  readonly people: readonly PersonView[];
  readonly open: string | undefined;
  readonly onOpen: (name: string) => void;
};

function PeopleTable({ people, open, onOpen }: PeopleTableProps): ReactElement {
  const { t } = useSay();
  return (
    <Table
      label={t('people.list.table')}
      rows={people}
      keyOf={({ name }) => name}
      open={open}
      onOpen={({ name }) => onOpen(name)}
      empty={t('people.list.none')}
      columns={[
        { name: 'name', title: t('people.list.columns.name'), part: 3, cell: ({ name }) => name },
        { name: 'role', title: t('people.list.columns.role'), part: 3, cell: ({ role }) => t(`frame.roles.${role}`) },
        {
          name: 'state',
          title: t('people.list.columns.state'),
          part: 3,
          cell: ({ state }) => <span data-state={state}>{t(`people.list.states.${state}`)}</span>,
        },
        { name: 'badge', title: t('people.list.columns.badge'), part: 2, cell: ({ badge }) => badge },
      ]}
    />
  );
}
