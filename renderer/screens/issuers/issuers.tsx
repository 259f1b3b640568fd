import { type ReactElement, useState } from 'react';
import type { IssuerView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { Begin } from './begin.tsx';
import { Ceremony } from './ceremony.tsx';
import { ClockNotice } from './clock.tsx';
import { Issuer } from './issuer.tsx';
import { expirySaid, issuedSaid } from './said.ts';

/** The intermediate CAs of this station, and the one that is open: its ceremony, what it is like, and what can be done with it. */
export default function Issuers(): ReactElement {
  const { t } = useSay();
  const may = useMay();
  const { value, error, again } = useAsk('ca.list', {});
  const [open, setOpen] = useState<string>();
  const [begins, setBegins] = useState(false);
  const all = value ?? [];
  const shown = all.find(({ name }) => name === open) ?? onlyOne(all);
  return (
    <>
      <h1>{t('issuers.title')}</h1>
      <ClockNotice />
      <Panel
        title={t('issuers.list')}
        buttons={
          may('ca.begin') && (
            <Button kind="main" onPress={() => setBegins(true)}>
              {t('issuers.begin.open')}
            </Button>
          )
        }
      >
        <p>{t('issuers.about')}</p>
        {error && <Problem error={error} again={again} />}
        {value && all.length === 0 ? (
          <Empty>{t('issuers.none')}</Empty>
        ) : (
          <List issuers={all} open={shown?.name} onOpen={({ name }) => setOpen(name)} />
        )}
      </Panel>
      {shown && <Shown key={shown.name} issuer={shown} onChanged={again} />}
      {begins && (
        <Begin
          onClose={() => setBegins(false)}
          onBegun={(name) => {
            setOpen(name);
            again();
          }}
        />
      )}
    </>
  );
}

/** A ceremony that goes on stands first, and stays there when it ends; one that was over before stands below what the issuer is like. */
function Shown({ issuer, onChanged }: { issuer: IssuerView; onChanged: () => void }): ReactElement {
  const [goesOn] = useState(issuer.state === 'waiting');
  const ceremony = issuer.kind === 'intermediate' && <Ceremony issuer={issuer} onChanged={onChanged} />;
  return (
    <>
      {goesOn && ceremony}
      <Issuer issuer={issuer} onChanged={onChanged} />
      {!goesOn && ceremony}
    </>
  );
}

/** Where there is one intermediate, nobody has to choose it. */
function onlyOne(all: readonly IssuerView[]): IssuerView | undefined {
  const intermediates = all.filter(({ kind }) => kind === 'intermediate');
  return intermediates.length === 1 ? intermediates[0] : undefined;
}

type ListProps = {
  readonly issuers: readonly IssuerView[];
  readonly open: string | undefined;
  readonly onOpen: (issuer: IssuerView) => void;
};

function List({ issuers, open, onOpen }: ListProps): ReactElement {
  const say = useSay();
  const { t } = say;
  return (
    <Table
      label={t('issuers.list')}
      rows={issuers}
      keyOf={({ name }) => name}
      open={open}
      onOpen={onOpen}
      rowsShown={6}
      empty={t('issuers.none')}
      columns={[
        { name: 'name', title: t('issuers.columns.name'), part: 2, cell: ({ name }) => name },
        {
          name: 'state',
          title: t('issuers.columns.state'),
          part: 2,
          cell: ({ state }) => t(`issuers.states.${state}`),
        },
        { name: 'expires', title: t('issuers.columns.expires'), part: 2.4, cell: (issuer) => expirySaid(issuer, say) },
        {
          name: 'issued',
          title: t('issuers.columns.issued'),
          part: 1.6,
          cell: (issuer) => (issuer.quota === undefined ? say.number(issuer.issued) : issuedSaid(issuer, say)),
        },
        { name: 'subject', title: t('issuers.columns.subject'), part: 3, cell: ({ subject }) => subject },
      ]}
    />
  );
}
