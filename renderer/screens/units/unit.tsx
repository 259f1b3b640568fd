import { type ReactElement, useState } from 'react';
import type { UnitAct, UnitLook } from '../../../station-core/contract/after.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type Asking, Deed } from './deed.tsx';

type Props = {
  readonly unit: UnitLook;
  /** The text by which it was looked up: what its label says. */
  readonly scanned: string;
  readonly onChanged: () => void;
};

const words = {
  'unit.release': 'release',
  'unit.rework': 'rework',
  'unit.replace': 'replace',
  'unit.scrap': 'scrap',
  'unit.ship': 'ship',
} as const satisfies Record<UnitAct, string>;

/** Where a unit stands, what is asked of it before it ships, and what whoever is signed in may do with it now. */
export function OneUnit({ unit, scanned, onChanged }: Props): ReactElement {
  const { t, dateTime } = useSay();
  const may = useMay();
  const { act } = useStation();
  const { busy, error, run } = useDo();
  const [asking, setAsking] = useState<Asking>();
  const { serial, order, recipe, standing, at, registrationId, credential } = unit;
  const ship = () =>
    run(async () => {
      await act('unit.ship', { serial, order, scanned });
      onChanged();
    });
  const buttons = unit.may.filter(may).map((one) =>
    one === 'unit.ship' ? (
      <Button key={one} kind="main" busy={busy} onPress={ship}>
        {t('units.acts.ship')}
      </Button>
    ) : (
      <Button key={one} onPress={() => setAsking(words[one] as Asking)}>
        {t(`units.acts.${words[one]}`)}
      </Button>
    ),
  );
  return (
    <Panel title={`${serial} · ${order}`} buttons={buttons}>
      <Facts
        facts={[
          [t('units.state'), <strong key="state">{t(`units.standings.${standing}`)}</strong>],
          [t('units.since'), at === undefined ? undefined : dateTime(at)],
          [t('units.recipe'), recipe],
          [t('units.registrationId'), registrationId],
          [t('units.credential'), credential && t(`audit.story.ends.${credential.end}`)],
        ]}
      />
      {unit.replacing && <p>{t('units.replacing')}</p>}
      {error && <Problem error={error} />}
      {unit.packing.length > 0 && <Packing unit={unit} scanned={scanned} />}
      {asking && <Deed unit={unit} asking={asking} onClose={() => setAsking(undefined)} onDone={onChanged} />}
    </Panel>
  );
}

/** The label that it was looked up by is the scan that counts. */
function Packing({ unit, scanned }: { unit: UnitLook; scanned: string }): ReactElement {
  const { t } = useSay();
  const { serial, registrationId } = unit;
  const isOwn = scanned === serial || scanned.toLowerCase() === registrationId;
  return (
    <>
      <h3>{t('units.packing')}</h3>
      <Facts
        facts={unit.packing.map(({ check, holds }) => [
          t(`units.checks.${check}`),
          t((check === 'label' ? isOwn : holds) ? 'units.holds' : 'units.fails'),
        ])}
      />
    </>
  );
}
