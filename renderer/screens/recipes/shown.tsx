import { type ReactElement, useState } from 'react';
import type { FirstArticle } from '../../../station-core/contract/after.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Changes } from './changes.tsx';
import styles from './recipes.module.css';

type RecipeShownProps = {
  readonly hash: string;
  /** The version before it, to compare with. */
  readonly before: string | undefined;
  readonly onChanged: () => void;
  readonly onEdit: (from: object) => void;
};

/** One recipe: what it says, what is other than in the version before, and how it gets into force. */
export function RecipeShown({ hash, before, onChanged, onEdit }: RecipeShownProps): ReactElement | null {
  const { act } = useStation();
  const may = useMay();
  const { t, dateTime, number } = useSay();
  const { value, error, again } = useAsk('recipes.show', { hash });
  const { busy, error: refused, run } = useDo();
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  if (error) return <Problem error={error} again={again} />;
  if (!value) return null;
  const { recipe, name, version, approvedAt, orders, first } = value;
  const approveFirst = () =>
    run(async () => {
      await act('recipes.approveFirst', { recipe: hash });
      again();
      onChanged();
    });
  const firstSaid = ({ serial, approvedAt: at }: FirstArticle) =>
    at === null
      ? t('recipes.firstArticle.waits', { serial })
      : t('recipes.firstArticle.approved', { serial, at: dateTime(at) });
  const approve = () =>
    run(async () => {
      setWarnings((await act('recipes.approve', { recipe })).warnings);
      again();
      onChanged();
    });
  const buttons = (
    <>
      {may('recipes.save') && <Button onPress={() => onEdit(recipe)}>{t('recipes.nextVersion')}</Button>}
      {may('recipes.approveFirst') && first?.approvedAt === null && (
        <Button kind="main" busy={busy} onPress={approveFirst}>
          {t('recipes.firstArticle.approve')}
        </Button>
      )}
      {may('recipes.approve') && approvedAt === null && (
        <Button kind="main" busy={busy} onPress={approve}>
          {t('recipes.approve')}
        </Button>
      )}
    </>
  );
  return (
    <Panel title={t('recipes.named', { name, version: number(version) })} buttons={buttons}>
      <Facts
        facts={[
          [
            t('recipes.state'),
            approvedAt === null ? t('recipes.notInForce') : t('recipes.inForce', { at: dateTime(approvedAt) }),
          ],
          [t('recipes.orders'), number(orders)],
          ...(first ? [[t('recipes.firstArticle.title'), firstSaid(first)] as const] : []),
          [t('recipes.hash'), <code key="hash">{hash}</code>],
        ]}
      />
      {first?.approvedAt === null && <p>{t('recipes.firstArticle.means')}</p>}
      {refused && <Problem error={refused} />}
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
      {before === undefined ? <p>{t('recipes.first')}</p> : <SinceBefore hash={before} recipe={recipe} />}
      <h3>{t('recipes.whole')}</h3>
      <pre className={styles.json}>{JSON.stringify(recipe, null, 2)}</pre>
    </Panel>
  );
}

function SinceBefore({ hash, recipe }: { hash: string; recipe: object }): ReactElement | null {
  const { value, error } = useAsk('recipes.show', { hash });
  if (error) return <Problem error={error} />;
  return value ? <Changes before={value.recipe} after={recipe} /> : null;
}
