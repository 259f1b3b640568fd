import { type ReactElement, useState } from 'react';
import type { RecipeRow } from '../../../station-core/contract/recipes.ts';
import { useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { draftOf, newDraft } from './draft.ts';
import { RecipeEditor } from './editor.tsx';
import { RecipeShown } from './shown.tsx';
import { hashBefore, nextVersion } from './versions.ts';

/** What is open beside the list: a recipe, or the form for a new one. */
type Open =
  | { readonly what: 'shown'; readonly hash: string }
  | { readonly what: 'editing'; readonly from: object | undefined };

/** Recipes: listed, written in a form, compared with the version before, put in force by two people. */
export default function Recipes(): ReactElement {
  const may = useMay();
  const { t } = useSay();
  const { value, error, again } = useAsk('recipes.list', {});
  const [open, setOpen] = useState<Open>();
  const rows = value ?? [];
  const show = (hash: string) => {
    again();
    setOpen({ what: 'shown', hash });
  };
  if (open?.what === 'editing') {
    return (
      <RecipeEditor
        before={open.from}
        begun={open.from ? draftOf(nextVersion(open.from, rows)) : newDraft}
        onSaved={show}
        onClose={() => setOpen(undefined)}
      />
    );
  }
  const button = (
    <Button kind="main" onPress={() => setOpen({ what: 'editing', from: undefined })}>
      {t('recipes.new')}
    </Button>
  );
  return (
    <>
      <h1>{t('recipes.title')}</h1>
      {error && <Problem error={error} again={again} />}
      <Panel title={t('recipes.list')} buttons={may('recipes.save') ? button : undefined}>
        {value && <List rows={rows} open={open?.hash} onOpen={(hash) => setOpen({ what: 'shown', hash })} />}
      </Panel>
      {open && (
        <RecipeShown
          key={open.hash}
          hash={open.hash}
          before={rows.length > 0 ? hashBefore(open.hash, rows) : undefined}
          onChanged={again}
          onEdit={(from) => setOpen({ what: 'editing', from })}
        />
      )}
    </>
  );
}

type ListProps = {
  readonly rows: readonly RecipeRow[];
  readonly open: string | undefined;
  readonly onOpen: (hash: string) => void;
};

function List({ rows, open, onOpen }: ListProps): ReactElement {
  const { t, number, dateTime } = useSay();
  return (
    <Table
      label={t('recipes.list')}
      rows={rows}
      keyOf={({ hash }) => hash}
      open={open}
      onOpen={({ hash }) => onOpen(hash)}
      empty={t('recipes.none')}
      rowsShown={8}
      columns={[
        { name: 'name', title: t('recipes.fields.name'), part: 2, cell: ({ name }) => name },
        { name: 'version', title: t('recipes.fields.version'), numeric: true, cell: ({ version }) => number(version) },
        {
          name: 'state',
          title: t('recipes.state'),
          part: 2,
          cell: ({ approvedAt }) =>
            approvedAt === null ? t('recipes.notInForce') : t('recipes.inForce', { at: dateTime(approvedAt) }),
        },
        {
          name: 'first',
          title: t('recipes.firstArticle.title'),
          part: 2,
          cell: ({ first }) => first?.approvedAt === null && t('recipes.firstArticle.waits', { serial: first.serial }),
        },
        { name: 'orders', title: t('recipes.orders'), numeric: true, cell: ({ orders }) => number(orders) },
      ]}
    />
  );
}
