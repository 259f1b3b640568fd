import { type ReactElement, useState } from 'react';
import type { UnitLook } from '../../../station-core/contract/after.ts';
import { type RevocationReason, revocationReasons } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Choice, TextField } from '../../ui/field.tsx';

/** What a lead is asked before it is done. */
export type Asking = 'release' | 'rework' | 'replace' | 'scrap';

type Props = {
  readonly unit: UnitLook;
  readonly asking: Asking;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Says what will happen, asks why where that is kept, and does it. */
export function Deed({ unit, asking, onClose, onDone }: Props): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const [why, setWhy] = useState('');
  const [reason, setReason] = useState<RevocationReason>('unspecified');
  const { serial, order } = unit;
  const deeds: Readonly<Record<Asking, () => Promise<null>>> = {
    release: () => act('unit.release', { serial, order, reason: why.trim() }),
    rework: () => act('unit.rework', { serial, order }),
    replace: () => act('unit.replace', { serial, order }),
    scrap: () => act('unit.scrap', { serial, order, reason }),
  };
  const reasons = Object.fromEntries(revocationReasons.map((one) => [one, t(`certificates.revoke.reasons.${one}`)]));
  return (
    <Confirm
      title={t(`units.${asking}.title`, { serial })}
      word={t(`units.acts.${asking}`)}
      {...(asking === 'scrap' ? { typed: { label: t('units.scrap.typed'), text: serial } } : {})}
      onClose={onClose}
      onConfirm={async () => {
        await deeds[asking]();
        onDone();
      }}
    >
      <p>{t(`units.${asking}.means`)}</p>
      {asking === 'release' && (
        <TextField label={t('units.release.reason')} value={why} onChange={setWhy} rest={{ maxLength: 200 }} />
      )}
      {asking === 'scrap' && (
        <Choice
          label={t('units.scrap.reason')}
          value={reason}
          choices={reasons as Record<RevocationReason, string>}
          onChange={setReason}
        />
      )}
    </Confirm>
  );
}
