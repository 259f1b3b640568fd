import { type ReactElement, useState } from 'react';
import type { FoundEntry } from '../../../station-core/contract/audit-search.ts';
import { useSay } from '../../say.ts';
import { useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { type Asked, askedOf, type Given, nothing } from './asked.ts';
import styles from './audit.module.css';
import { Entry } from './entry.tsx';
import { useSearch } from './searching.ts';
import { actions, actSaid, resultSaid, whoSaid } from './words.ts';

/** Entries by what they say, and each with its proof. */
export function Search(): ReactElement {
  const { t } = useSay();
  const { rows, next, busy, error, search, more } = useSearch();
  const [open, setOpen] = useState<number>();
  return (
    <>
      <Panel title={t('audit.search.title')}>
        <Form onSearch={search} />
        {error && <Problem error={error} />}
      </Panel>
      <Panel title={t('audit.search.found')}>
        <p className={styles.note} role="status">
          {busy && next !== undefined ? t('audit.search.looking', { seq: next }) : t('audit.search.opens')}
        </p>
        <Found rows={rows} busy={busy} open={open} onOpen={setOpen} onMore={next === undefined ? undefined : more} />
      </Panel>
      {open !== undefined && <Entry seq={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

type FoundProps = {
  readonly rows: readonly FoundEntry[];
  readonly busy: boolean;
  readonly open: number | undefined;
  readonly onOpen: (seq: number) => void;
  readonly onMore: (() => void) | undefined;
};

function Found({ rows, busy, open, onOpen, onMore }: FoundProps): ReactElement {
  const say = useSay();
  const { t, dateTime } = say;
  const cell = (row: FoundEntry, what: (row: Exclude<FoundEntry, { damaged: true }>) => string) =>
    'damaged' in row ? '' : what(row);
  return (
    <Table
      label={t('audit.search.found')}
      rows={rows}
      keyOf={({ seq }) => seq}
      onOpen={({ seq }) => onOpen(seq)}
      open={open}
      onMore={onMore}
      empty={busy ? t('frame.asking') : t('audit.search.none')}
      columns={[
        { name: 'seq', title: t('audit.search.seq'), numeric: true, cell: ({ seq }) => seq },
        { name: 'at', title: t('audit.search.at'), part: 2.4, cell: (row) => cell(row, ({ at }) => dateTime(at)) },
        {
          name: 'what',
          title: t('audit.search.what'),
          part: 3,
          cell: (row) => ('damaged' in row ? t('audit.search.damaged') : actSaid(say, row.action)),
        },
        {
          name: 'result',
          title: t('audit.search.result'),
          part: 1.6,
          cell: (row) => cell(row, ({ result }) => resultSaid(say, result)),
        },
        {
          name: 'who',
          title: t('audit.search.who'),
          part: 2,
          cell: (row) => cell(row, ({ actor, role }) => whoSaid(say, actor, role)),
        },
        {
          name: 'unit',
          title: t('audit.search.about'),
          part: 2,
          cell: (row) => cell(row, ({ unit }) => (unit ? (unit.name ?? t('audit.entry.erased')) : '')),
        },
        { name: 'order', title: t('audit.search.order'), part: 2, cell: (row) => cell(row, ({ order = '' }) => order) },
        {
          name: 'lane',
          title: t('audit.search.lane'),
          numeric: true,
          cell: (row) => cell(row, ({ lane }) => (lane === undefined ? '' : String(lane))),
        },
      ]}
    />
  );
}

function Form({ onSearch }: { onSearch: (asked: Asked) => void }): ReactElement {
  const say = useSay();
  const { t } = say;
  const may = useMay();
  const { screen } = useStation();
  const [given, setGiven] = useState(nothing);
  const set = (name: keyof Given) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));
  const words = Object.fromEntries(actions.map((action) => [action, actSaid(say, action)]));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(askedOf(given));
      }}
    >
      {/* Enter in a field searches: a form of several fields asks for such a button. */}
      <input type="submit" hidden />
      <div className={styles.form}>
        <TextField label={t('audit.search.unit')} value={given.unit} onChange={set('unit')} rest={{ maxLength: 128 }} />
        {may('audit.exportNamed') && (
          <TextField
            label={t('audit.search.person')}
            value={given.person}
            onChange={set('person')}
            rest={{ maxLength: 80 }}
          />
        )}
        <TextField
          label={t('audit.search.order')}
          value={given.order}
          onChange={set('order')}
          rest={{ maxLength: 80 }}
        />
        <Choice
          label={t('audit.search.action')}
          value={given.action}
          choices={{ '': t('audit.search.any'), ...words }}
          onChange={set('action')}
        />
        <TextField label={t('audit.search.from')} type="datetime-local" value={given.from} onChange={set('from')} />
        <TextField label={t('audit.search.to')} type="datetime-local" value={given.to} onChange={set('to')} />
      </div>
      <div className={styles.buttons}>
        <Button kind="main" onPress={() => onSearch(askedOf(given))}>
          {t('audit.search.run')}
        </Button>
        <Button
          onPress={() => {
            setGiven(nothing);
            onSearch({});
          }}
        >
          {t('audit.search.clear')}
        </Button>
        {screen.person && !may('audit.exportNamed') && <p className={styles.note}>{t('audit.search.personHidden')}</p>}
      </div>
    </form>
  );
}
