import type { ReactElement } from 'react';
import type { WhichRecipe } from '../../../station-core/contract/orders.ts';
import type { RecipeRow } from '../../../station-core/contract/recipes.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useStation } from '../../station.ts';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { Choice } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { readTextFile } from './text-file.ts';

export type RecipeChoiceProps = {
  readonly recipe: WhichRecipe | undefined;
  readonly onRecipe: (recipe: WhichRecipe | undefined) => void;
};

/** The recipe that the order is made with: one that this station has, or one in a file. */
export function RecipeChoice({ recipe, onRecipe }: RecipeChoiceProps): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const { error, run } = useDo();
  const { value: recipes = [], error: unasked, again } = useAsk('recipes.list', {});
  // Production makes nothing by a recipe that two people did not put in force.
  const usable = recipes.filter(({ approvedAt }) => approvedAt !== null || screen.description?.mode !== 'production');
  const word = ({ name, version }: RecipeRow) => t('orders.importing.recipeVersion', { name, version });
  const given = recipe && 'file' in recipe ? recipe : undefined;
  const value = recipe && 'hash' in recipe ? recipe.hash : given ? 'file' : 'none';
  const choices = {
    none: t('orders.importing.noRecipe'),
    ...Object.fromEntries(usable.map((row) => [row.hash, word(row)])),
    ...(given ? { file: t('orders.importing.recipeGiven', { name: given.file }) } : {}),
  };
  const take = (file: File | undefined) => {
    if (!file) return;
    run(async () => {
      const { name, text } = await readTextFile(file);
      onRecipe({ file: name, text });
    });
  };
  const choose = (chosen: string) => {
    if (chosen === 'file') return;
    onRecipe(chosen === 'none' ? undefined : { hash: chosen });
  };
  return (
    <Panel
      title={t('orders.importing.recipe')}
      buttons={<ChooseFile word={t('orders.importing.chooseRecipe')} accept=".json,application/json" onFile={take} />}
    >
      <Choice<string> label={t('orders.importing.recipe')} value={value} choices={choices} onChange={choose} />
      {error && <Problem error={error} />}
      {unasked && <Problem error={unasked} again={again} />}
    </Panel>
  );
}
