import { type ReactElement, useCallback, useEffect, useState } from 'react';
import { readCode } from '../../../station-core/contract/codes.ts';
import { useSay } from '../../say.ts';
import { useAsk, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { OpenUnits } from './open.tsx';
import { OneUnit } from './unit.tsx';
import styles from './units.module.css';

/** What becomes of units after their verdict: looked up by a scan, packed, made once more, scrapped. */
export default function Units(): ReactElement {
  const { t } = useSay();
  const [text, setText] = useState<string>();
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const found = useCallback(
    (label: string) => {
      setText(label);
      again();
    },
    [again],
  );
  return (
    <>
      <h1>{t('units.title')}</h1>
      <Find onFound={found} />
      <div className={styles.place}>{text !== undefined && <Found text={text} turn={turn} onChanged={again} />}</div>
      <OpenUnits key={turn} onOpen={setText} />
    </>
  );
}

/** A label by whatever scanner, or typed: what it means is read as on the lanes. */
function Find({ onFound }: { onFound: (text: string) => void }): ReactElement {
  const { t } = useSay();
  const { desk } = useStation();
  const [typed, setTyped] = useState('');
  const [isNone, setNone] = useState(false);
  useEffect(
    () =>
      desk.offer((code) => {
        if (code.kind === 'unit') onFound(code.serial);
        return code.kind === 'unit';
      }),
    [desk, onFound],
  );
  const find = () => {
    const code = readCode(typed, desk.scanning.checksum);
    setNone(code.kind !== 'unit');
    if (code.kind !== 'unit') return;
    onFound(code.serial);
    setTyped('');
  };
  return (
    <form
      className={styles.find}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') find();
      }}
    >
      <TextField
        label={t('units.find')}
        means={t('units.about')}
        value={typed}
        onChange={setTyped}
        rest={{ maxLength: 512, autoFocus: true }}
        error={isNone ? t('units.notUnit') : undefined}
      />
      <Button kind="main" disabled={typed.trim() === ''} onPress={find}>
        {t('units.show')}
      </Button>
    </form>
  );
}

type FoundProps = { readonly text: string; readonly turn: number; readonly onChanged: () => void };

function Found({ text, turn, onChanged }: FoundProps): ReactElement {
  const { t } = useSay();
  const { value, error, again } = useAsk('unit.look', { text }, turn);
  return (
    <>
      {error && <Problem error={error} again={again} />}
      {value?.length === 0 && (
        <Panel title={text}>
          <Empty>{t('units.none')}</Empty>
        </Panel>
      )}
      {value?.map((unit) => (
        <OneUnit key={`${unit.order} ${unit.serial}`} unit={unit} scanned={text} onChanged={onChanged} />
      ))}
    </>
  );
}
