import { type ReactElement, useState } from 'react';
import type { Method, Params } from '../../../station-core/contract/api.ts';
import type { Invited, PersonView } from '../../../station-core/contract/people.ts';
import { languages, useSay } from '../../say.ts';
import { type Doing, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useRoleWords } from './add-person.tsx';
import styles from './people.module.css';

type PersonProps = {
  readonly person: PersonView;
  readonly onChanged: () => void;
  readonly onInvited: (invited: Invited) => void;
  readonly onPrint: () => void;
};

/** One person, and everything that can become of them. */
export function Person({ person, onChanged, onInvited, onPrint }: PersonProps): ReactElement {
  const { act } = useStation();
  const { t, dateTime } = useSay();
  const may = useMay();
  const doing = useDo();
  const { name, role, state, badge, otherBadge, language, codeUntil } = person;
  const change = <M extends Method>(method: M, params: Params<M>) =>
    doing.run(async () => {
      await act(method, params);
      onChanged();
    });
  const reset = () => doing.run(async () => onInvited(await act('operators.reset', { name })));
  const here = state !== 'left';
  return (
    <Panel title={name}>
      <Facts
        facts={[
          [t('people.list.columns.role'), t(`frame.roles.${role}`)],
          [t('people.list.columns.state'), t(`people.list.states.${state}`)],
          [t('people.list.columns.badge'), badge],
          [t('people.list.otherBadge'), otherBadge],
          [t('people.list.columns.language'), language ? languages[language] : t('people.list.noLanguage')],
        ]}
      />
      {codeUntil && <p>{t('people.list.codeUntil', { until: dateTime(codeUntil) })}</p>}
      {doing.error && <Problem error={doing.error} />}
      {here && (
        <div className={styles.buttons}>
          {state === 'locked' && may('operators.unlock') && (
            <Button kind="main" busy={doing.busy} onPress={() => change('operators.unlock', { name })}>
              {t('people.list.unlock')}
            </Button>
          )}
          {may('operators.reset') && (
            <Button busy={doing.busy} onPress={reset}>
              {t('people.list.reset')}
            </Button>
          )}
          <Button onPress={onPrint}>{t('people.list.print')}</Button>
        </div>
      )}
      {here && may('operators.changeRole') && (
        <NewRole key={role} person={person} doing={doing} onTake={(next) => change('operators.changeRole', next)} />
      )}
      {here && may('operators.badge') && (
        <OtherBadge doing={doing} onGive={(text) => change('operators.badge', { name, badge: text })} />
      )}
      {here && may('operators.leave') && <Leaving name={name} onChanged={onChanged} />}
    </Panel>
  );
}

type NewRoleProps = {
  readonly person: PersonView;
  readonly doing: Doing;
  readonly onTake: (changed: Params<'operators.changeRole'>) => void;
};

function NewRole({ person: { name, role }, doing, onTake }: NewRoleProps): ReactElement {
  const { t } = useSay();
  const words = useRoleWords();
  const [next, setNext] = useState(role);
  return (
    <div className={styles.row}>
      <Choice label={t('people.list.changeRole')} value={next} choices={words} onChange={setNext} />
      <Button busy={doing.busy} disabled={next === role} onPress={() => onTake({ name, role: next })}>
        {t('people.list.takeRole')}
      </Button>
    </div>
  );
}

function OtherBadge({ doing, onGive }: { doing: Doing; onGive: (badge: string) => void }): ReactElement {
  const { t } = useSay();
  const [badge, setBadge] = useState('');
  const ready = badge.trim().length >= 4;
  return (
    <div className={styles.row}>
      <TextField
        label={t('people.list.badge')}
        means={t('people.list.badgeMeans')}
        value={badge}
        onChange={setBadge}
        rest={{
          maxLength: 80,
          // A scanner ends with Enter.
          onKeyDown: ({ key }) => {
            if (key === 'Enter' && ready) onGive(badge.trim());
          },
        }}
      />
      <Button busy={doing.busy} disabled={!ready} onPress={() => onGive(badge.trim())}>
        {t('people.list.giveBadge')}
      </Button>
    </div>
  );
}

function Leaving({ name, onChanged }: { name: string; onChanged: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    await act('operators.leave', { name });
    onChanged();
  };
  return (
    <div className={styles.buttons}>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {t('people.list.leave')}
      </Button>
      {asking && (
        <Confirm
          title={t('people.list.leaveTitle', { name })}
          word={t('people.list.leave')}
          onConfirm={leave}
          onClose={() => setAsking(false)}
        >
          <p>{t('people.list.leaveMeans', { name })}</p>
        </Confirm>
      )}
    </div>
  );
}
