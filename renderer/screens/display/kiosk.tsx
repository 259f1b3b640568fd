import type { ReactElement } from 'react';
import type { Role } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';

/**
 * Who opens and leaves the kiosk. It keeps a line's people from losing the window; against whoever wants out, the computer
 * itself has to be locked (docs/desktop.md).
 */
const mayLeave: ReadonlySet<Role> = new Set(['lead', 'security-officer']);

/** The kiosk, in the desktop window alone. */
export function Kiosk(): ReactElement | null {
  const { screen } = useStation();
  const { t } = useSay();
  const { birthmark } = window;
  if (!birthmark || !screen.person || !mayLeave.has(screen.person.role)) return null;
  return (
    <Panel
      title={t('display.kiosk')}
      buttons={
        <>
          <Button onPress={() => birthmark.tell({ kiosk: true })}>{t('display.openKiosk')}</Button>
          <Button onPress={() => birthmark.tell({ kiosk: false })}>{t('display.leaveKiosk')}</Button>
        </>
      }
    >
      <p>{t('display.kioskMeans')}</p>
    </Panel>
  );
}
