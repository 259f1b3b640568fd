import { type ReactElement, useState } from 'react';
import type { WhichRecipe } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './import.module.css';
import { FileChoice } from './import-file.tsx';
import { Preview } from './import-preview.tsx';
import { RecipeChoice } from './import-recipe.tsx';
import shared from './orders.module.css';
import type { TextFile } from './text-file.ts';
import { usePreview } from './use-preview.ts';

/** 100,000 units take some seconds, on a slow machine more. */
const waitMs = 300_000;

export type ImportProps = { readonly onCreated: (name: string) => void; readonly onCancel: () => void };

/** A file and a recipe, what they would make and all that is wrong with it, and only then an order. */
export function ImportOrder({ onCreated, onCancel }: ImportProps): ReactElement {
  const { t } = useSay();
  const [file, setFile] = useState<TextFile>();
  const [recipe, setRecipe] = useState<WhichRecipe>();
  const [named, setNamed] = useState('');
  const preview = usePreview(file, recipe);
  const take = (taken: TextFile) => {
    setFile(taken);
    if (taken.name !== '' && named === '') setNamed(taken.name.replace(/\.[^.]*$/, '').slice(0, 80));
  };
  return (
    <>
      <header className={shared.head}>
        <h1>{t('orders.importing.title')}</h1>
        <div className={shared.buttons}>
          <Button onPress={onCancel}>{t('orders.importing.cancel')}</Button>
        </div>
      </header>
      <p className={styles.about}>{t('orders.importing.about')}</p>
      <div className={styles.sources}>
        <FileChoice file={file} onFile={take} />
        <RecipeChoice recipe={recipe} onRecipe={setRecipe} />
      </div>
      <Panel title={t('orders.importing.preview')}>
        <Preview asked={preview} ready={file !== undefined && recipe !== undefined}>
          {file && recipe && preview.value && (
            <Create
              file={file}
              recipe={recipe}
              units={preview.value.units}
              named={named}
              onNamed={setNamed}
              onCreated={onCreated}
            />
          )}
        </Preview>
      </Panel>
    </>
  );
}

type CreateProps = {
  readonly file: TextFile;
  readonly recipe: WhichRecipe;
  readonly units: number;
  readonly named: string;
  readonly onNamed: (name: string) => void;
  readonly onCreated: (name: string) => void;
};

/** The last step: the order's name, how many of its units may be made, and the one button that makes it. */
function Create({ file, recipe, units, named, onNamed, onCreated }: CreateProps): ReactElement {
  const { client, screen } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [many, setMany] = useState('');
  const name = named.trim();
  const taken = screen.board?.orders.some((order) => order.name === name) ?? false;
  const quantity = many.trim() === '' ? undefined : Number(many);
  const wrong = quantity !== undefined && !(Number.isInteger(quantity) && quantity >= 1 && quantity <= units);
  const create = () =>
    run(async () => {
      const limited = quantity === undefined ? {} : { quantity };
      // It needs no second person, and longer than other calls.
      const asked = { file: file.name || name, text: file.text, recipe, name, ...limited };
      const order = await client.call('orders.import', asked, { waitMs });
      onCreated(order.name);
    });
  return (
    <div className={styles.create}>
      <TextField
        label={t('orders.importing.name')}
        value={named}
        onChange={onNamed}
        error={taken ? t('orders.importing.taken') : undefined}
        rest={{ maxLength: 80 }}
      />
      <TextField
        label={t('orders.importing.quantity')}
        means={t('orders.importing.quantityMeans')}
        type="number"
        value={many}
        onChange={setMany}
        error={wrong ? t('orders.importing.quantityWrong', { units }) : undefined}
        rest={{ min: 1, max: units }}
      />
      <Button kind="main" busy={busy} disabled={name === '' || taken || wrong} onPress={create}>
        {t('orders.importing.create')}
      </Button>
      <p role="status">{busy && t('orders.importing.creating')}</p>
      {error && <Problem error={error} />}
    </div>
  );
}
