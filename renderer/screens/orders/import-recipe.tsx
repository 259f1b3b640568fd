import type { ReactElement } from 'react';
import type { WhichRecipe } from '../../../station-core/contract/orders.ts';
import type { Order } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Choice } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ChooseFile } from './import-file.tsx';
import { readTextFile } from './text-file.ts';

export type RecipeChoiceProps = {
  readonly recipe: WhichRecipe | undefined;
  readonly onRecipe: (recipe: WhichRecipe | undefined) => void;
};

/** The recipe that the order is made with: one that an order of this station has, or one in a file. */
export function RecipeChoice({ recipe, onRecipe }: RecipeChoiceProps): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const { error, run } = useDo();
  const known = recipesOf(screen.board?.orders ?? []);
  const given = recipe && 'file' in recipe ? recipe : undefined;
  const value = recipe && 'hash' in recipe ? recipe.hash : given ? 'file' : 'none';
  const choices = {
    none: t('orders.importing.noRecipe'),
    ...known,
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
    </Panel>
  );
}

/** The recipes of orders, each once, by hash; those of one name are told apart by the beginning of theirs. */
function recipesOf(orders: readonly Order[]): Record<string, string> {
  const recipes = new Map(orders.map(({ recipeHash, recipe }) => [recipeHash, recipe]));
  const names = [...recipes.values()];
  const alone = (name: string) => names.filter((one) => one === name).length === 1;
  return Object.fromEntries(
    [...recipes].map(([hash, name]) => [hash, alone(name) ? name : `${name} (${hash.slice(0, 8)})`]),
  );
}
