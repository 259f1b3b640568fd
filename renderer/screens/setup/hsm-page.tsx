import { type KeyboardEvent, type ReactElement, useState } from 'react';
import type { HsmView } from '../../../station-core/contract/record.ts';
import type { ModuleFound, TokenFound } from '../../../station-core/contract/setup.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Machine } from './machine.tsx';
import styles from './setup.module.css';
import type { PageProps } from './setup.tsx';
import { useWhy } from './why.ts';

/** The HSM: modules found by themselves, the token chosen, its PIN tried once. And what the computer around it is like. */
export function HsmPage({ answers, change, wrong }: PageProps): ReactElement {
  const { t } = useSay();
  const why = useWhy();
  const [typed, setTyped] = useState('');
  const [named, setNamed] = useState<string>();
  const { value, error, asking, again } = useAsk('setup.look', named === undefined ? {} : { module: named });
  return (
    <>
      <p>{t('setup.hsm.about')}</p>
      <Panel
        title={t('setup.hsm.tokens')}
        buttons={
          <Button busy={asking} onPress={again}>
            {t('setup.hsm.again')}
          </Button>
        }
      >
        {error && <Problem error={error} again={again} />}
        {asking && <Progress label={t('setup.hsm.looking')} done={0} total={undefined} />}
        {value && <Tokens modules={value.modules} answers={answers} change={change} />}
        <p className={styles.wrong} role="status">
          {why(wrong.token)}
        </p>
        <TextField
          label={t('setup.hsm.module')}
          means={t('setup.hsm.moduleMeans')}
          value={typed}
          onChange={setTyped}
          rest={{ maxLength: 4_096 }}
        />
        <div className={styles.row}>
          <Button disabled={typed.trim() === ''} busy={asking} onPress={() => setNamed(typed.trim())}>
            {t('setup.hsm.lookThere')}
          </Button>
        </div>
      </Panel>
      <p>{t('setup.hsm.advice')}</p>
      {value && <Machine machine={value.machine} />}
    </>
  );
}

type Choosing = Pick<PageProps, 'answers' | 'change'> & { readonly modules: readonly ModuleFound[] };

function Tokens({ modules, answers, change }: Choosing): ReactElement {
  const { client } = useStation();
  const { t, told } = useSay();
  const { busy, error, run } = useDo();
  const [chosen, setChosen] = useState<Chosen>();
  const tokens = modules.flatMap((module) =>
    'tokens' in module ? module.tokens.map((token) => ({ module, token })) : [],
  );
  const shown = tokens.filter(({ token }) => token.initialised);
  const choose = (module: string, tokenLabel: string) =>
    run(async () => {
      change({ token: undefined });
      setChosen(undefined);
      setChosen({ module, view: await client.call('setup.useToken', { module, tokenLabel }) });
    });
  return (
    <>
      {shown.length === 0 && <p>{t('setup.hsm.none')}</p>}
      <fieldset className={styles.choices} aria-label={t('setup.hsm.tokens')}>
        {shown.map(({ module, token }) => (
          <TokenChoice
            key={`${module.path} ${token.serial} ${token.label}`}
            token={token}
            pressed={isToken(answers.token ?? nameOf(chosen), module.path, token.label)}
            onPress={() => choose(module.path, token.label)}
          />
        ))}
      </fieldset>
      {shown.length < tokens.length && <p>{t('setup.hsm.notInitialised')}</p>}
      {modules.map((module) =>
        'problem' in module ? (
          <p key={module.path}>
            {t('setup.hsm.notAsked', { module: module.maker || lastName(module.path) })} {told(module.problem)}
          </p>
        ) : null,
      )}
      {busy && <Progress label={t('setup.hsm.looking')} done={0} total={undefined} />}
      {error && <Problem error={error} />}
      {chosen && !answers.token && <Unlock chosen={chosen} change={change} />}
      <p className={styles.said} role="status">
        {answers.token && t('setup.hsm.ready', { label: answers.token.tokenLabel })}
      </p>
    </>
  );
}

type Named = { readonly module: string; readonly tokenLabel: string };
/** The token that is open, and the file of its module, which the station does not tell: whoever founds it chose it. */
type Chosen = { readonly module: string; readonly view: HsmView };
const nameOf = (chosen: Chosen | undefined): Named | undefined =>
  chosen && { module: chosen.module, tokenLabel: chosen.view.token.label };
const isToken = (named: Named | undefined, module: string, tokenLabel: string): boolean =>
  named?.module === module && named.tokenLabel === tokenLabel;
const lastName = (path: string): string => path.split(/[/\\]/).at(-1) ?? '';

function TokenChoice(props: { token: TokenFound; pressed: boolean; onPress: () => void }): ReactElement {
  const { token, pressed, onPress } = props;
  const { t } = useSay();
  const { label, model, serial, pin, simulated, keypad } = token;
  const usable = !simulated && (pin === 'fine' || pin === 'count-low' || pin === 'final-try');
  return (
    <button type="button" className={styles.choice} aria-pressed={pressed} disabled={!usable} onClick={onPress}>
      <strong>{t('setup.hsm.token', { label, model, serial })}</strong>
      <span>
        {simulated ? t('setup.hsm.software') : t(`setup.hsm.pinIs.${pin}`)} {keypad && t('setup.hsm.keypad')}
      </span>
    </button>
  );
}

/** Takes the PIN, tries it once, and forgets it: the station keeps it until it is made. */
function Unlock({ chosen, change }: { chosen: Chosen; change: PageProps['change'] }): ReactElement {
  const { client } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [pin, setPin] = useState('');
  const { label, model, serial } = chosen.view.token;
  const unlock = () => {
    setPin('');
    run(async () => {
      await client.call('hsm.unlock', { pin, token: 'station' });
      const about = t('setup.hsm.token', { label, model, serial });
      change({ token: { module: chosen.module, tokenLabel: label, about } });
    });
  };
  // Here Enter tries the PIN, and does not leave the page.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (pin !== '' && !busy) unlock();
  };
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <TextField
        label={t('setup.hsm.pin', { label })}
        type="password"
        value={pin}
        onChange={setPin}
        rest={{ maxLength: 64, onKeyDown }}
      />
      <Button kind="main" disabled={pin === ''} busy={busy} onPress={unlock}>
        {t('setup.hsm.unlock')}
      </Button>
      {error && <Problem error={error} />}
    </form>
  );
}
