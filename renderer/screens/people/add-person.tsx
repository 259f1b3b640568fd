import { type ReactElement, useState } from 'react';
import type { Invited } from '../../../station-core/contract/people.ts';
import { type Role, roles } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';

/** The words of all roles, for choosing one. */
export function useRoleWords(): Readonly<Record<Role, string>> {
  const { t } = useSay();
  return Object.fromEntries(roles.map((role) => [role, t(`frame.roles.${role}`)])) as Record<Role, string>;
}

/** A name and a role; what comes back is a one-time code. */
export function AddPerson({ onInvited }: { onInvited: (invited: Invited) => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const words = useRoleWords();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('technician');
  const add = () =>
    run(async () => {
      onInvited(await act('operators.add', { name: name.trim(), role }));
      setName('');
    });
  return (
    <Panel
      title={t('people.list.add')}
      buttons={
        <Button kind="main" busy={busy} disabled={name.trim() === ''} onPress={add}>
          {t('people.list.addIt')}
        </Button>
      }
    >
      <TextField label={t('people.list.name')} value={name} onChange={setName} rest={{ maxLength: 80 }} />
      <Choice label={t('people.list.role')} value={role} choices={words} onChange={setRole} />
      {error && <Problem error={error} />}
    </Panel>
  );
}
