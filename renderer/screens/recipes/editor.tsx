import { type ReactElement, useEffect, useState } from 'react';
import type { Params } from '../../../station-core/contract/api.ts';
import type { RecipeChecked } from '../../../station-core/contract/recipes.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Changes } from './changes.tsx';
import { type Draft, placed, recipeOf } from './draft.ts';
import { RecipeFields } from './fields.tsx';
import { Others } from './others.tsx';
import styles from './recipes.module.css';

type RecipeEditorProps = {
  /** The recipe that this one follows; none for a new name. */
  readonly before: object | undefined;
  readonly begun: Draft;
  readonly onSaved: (hash: string) => void;
  readonly onClose: () => void;
};

type Given = Params<'recipes.save'>['recipe'];

/** The form for a recipe: the station checks it while it is written, and says what is other than before. */
export function RecipeEditor({ before, begun, onSaved, onClose }: RecipeEditorProps): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [draft, setDraft] = useState(begun);
  const recipe = recipeOf(draft);
  const settled = useSettled(recipe);
  const { value, error: unchecked } = useAsk('recipes.check', {
    recipe: (settled ?? {}) as Params<'recipes.check'>['recipe'],
  });
  const current = JSON.stringify(settled) === JSON.stringify(recipe);
  const { wrong, others } = placed(draft, recipe ? (value?.problems ?? []) : []);
  const ready = recipe !== undefined && current && value?.hash !== null && value?.hash !== undefined;
  const save = () =>
    run(async () => {
      // The station parses it again: what does not fit is refused there, whatever was checked here.
      const { hash } = await act('recipes.save', { recipe: recipe as Given });
      onSaved(hash);
    });
  return (
    <>
      <h1>{t(before ? 'recipes.nextVersion' : 'recipes.new')}</h1>
      <div className={styles.editor}>
        <Panel title={t('recipes.form')}>
          <RecipeFields draft={draft} wrong={wrong} onChange={setDraft} />
          <TextArea
            label={t('recipes.rest')}
            means={t('recipes.restMeans')}
            error={recipe ? undefined : t('recipes.noJson')}
            value={draft.rest}
            rows={8}
            maxLength={100_000}
            onChange={(rest) => setDraft({ ...draft, rest })}
          />
        </Panel>
        <div className={styles.beside}>
          <Panel title={t('recipes.checked')}>
            {unchecked && <Problem error={unchecked} />}
            <Verdict checked={current ? value : undefined} sound={recipe !== undefined} />
            <Others problems={others} />
            {before && recipe ? <Changes before={before} after={recipe} /> : <p>{t('recipes.first')}</p>}
            {error && <Problem error={error} />}
            <div className={styles.buttons}>
              <Button onPress={onClose}>{t('recipes.cancel')}</Button>
              <Button kind="main" busy={busy} disabled={!ready} onPress={save}>
                {t('recipes.save')}
              </Button>
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

/** Says in one line how the recipe stands; it is there from the start, so that it moves nothing. */
function Verdict({ checked, sound }: { checked: RecipeChecked | undefined; sound: boolean }): ReactElement {
  const { t } = useSay();
  const says = !sound
    ? t('recipes.noJson')
    : checked === undefined
      ? t('recipes.checking')
      : checked.problems.length === 0
        ? t('recipes.sound')
        : t('recipes.problems', { count: checked.problems.length });
  return (
    <>
      <p className={styles.verdict} role="status">
        {says}
      </p>
      {checked?.warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </>
  );
}

/** Whoever types is not asked about at every key. */
const settleMs = 250;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the value is the same while its text is.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}
