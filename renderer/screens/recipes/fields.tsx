import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Choice, TextArea, TextField, Tick } from '../../ui/field.tsx';
import { type Draft, type Field, fieldsOf, type Kind, kinds } from './draft.ts';
import styles from './recipes.module.css';

type RecipeFieldsProps = {
  readonly draft: Draft;
  readonly wrong: ReadonlySet<Field>;
  readonly onChange: (draft: Draft) => void;
};

/** Fields that take one of a few words; the words are those of the recipe, as documents and files have them. */
const words: Readonly<Partial<Record<Field, readonly string[]>>> = {
  protocol: ['uart-v1', 'linux-console', 'at-modem'],
  keySource: ['unit', 'station'],
  algorithm: ['p256', 'p384', 'rsa2048', 'rsa3072', 'rsa4096'],
  genuine: ['certificate', 'possession', 'none'],
  endorsementKey: ['rsa2048', 'p256', 'high-rsa2048', 'high-p256', 'high-p384'],
  delivery: ['clear', 'channel', 'sealed'],
  target: ['dps', 'folder', 'central', 'hub'],
};

/** A field for each part of a recipe that its attestation, delivery and target ask for. */
export function RecipeFields({ draft, wrong, onChange }: RecipeFieldsProps): ReactElement {
  const { t } = useSay();
  const kindWords = Object.fromEntries(kinds.map((kind) => [kind, t(`recipes.kinds.${kind}`)])) as Record<Kind, string>;
  const set = (part: Partial<Record<Field, string>>) => onChange({ ...draft, values: { ...draft.values, ...part } });
  return (
    <div className={styles.fields}>
      <Choice
        label={t('recipes.kind')}
        value={draft.kind}
        choices={kindWords}
        onChange={(kind) => onChange({ ...draft, kind })}
      />
      {fieldsOf(draft).map((field) =>
        field === 'issuer' ? (
          <IssuerField key={field} draft={draft} wrong={wrong} onPick={set} />
        ) : (
          <OneField
            key={field}
            field={field}
            value={draft.values[field]}
            wrong={wrong.has(field)}
            onChange={(value) => set({ [field]: value })}
          />
        ),
      )}
    </div>
  );
}

type OneFieldProps = {
  readonly field: Field;
  readonly value: string;
  readonly wrong: boolean;
  readonly onChange: (value: string) => void;
};

function OneField({ field, value, wrong, onChange }: OneFieldProps): ReactElement {
  const { t } = useSay();
  const label = t(`recipes.fields.${field}`);
  const error = wrong ? t(`recipes.rules.${field}`) : undefined;
  const few = words[field];
  if (field === 'lock') {
    return <Tick label={label} value={value === 'true'} onChange={(on) => onChange(String(on))} />;
  }
  if (field === 'roots') return <TextArea label={label} error={error} value={value} rows={3} onChange={onChange} />;
  if (few) {
    // A word that a file brought and this list lacks stays, so that nothing changes by being looked at.
    const choices = Object.fromEntries([...new Set([...few, value])].map((word) => [word, word]));
    return <Choice label={label} error={error} value={value} choices={choices} onChange={onChange} />;
  }
  return <TextField label={label} error={error} value={value} onChange={onChange} rest={{ maxLength: 256 }} />;
}

type IssuerFieldProps = Pick<RecipeFieldsProps, 'draft' | 'wrong'> & {
  readonly onPick: (part: Partial<Record<Field, string>>) => void;
};

/** An intermediate CA of this station by its name; its pinned public key comes with it. */
function IssuerField({ draft, wrong, onPick }: IssuerFieldProps): ReactElement {
  const may = useMay();
  const { t } = useSay();
  const label = t('recipes.fields.issuer');
  const error = wrong.has('issuer') ? t('recipes.rules.issuer') : undefined;
  const { issuer } = draft.values;
  const typed = (value: string) => onPick({ issuer: value });
  if (!may('ca.list')) return <TextField label={label} error={error} value={issuer} onChange={typed} />;
  return <KnownIssuer label={label} error={error} value={issuer} onPick={onPick} />;
}

type KnownIssuerProps = { label: string; error: string | undefined; value: string; onPick: IssuerFieldProps['onPick'] };

function KnownIssuer({ label, error, value, onPick }: KnownIssuerProps): ReactElement {
  const { t } = useSay();
  const { value: issuers = [] } = useAsk('ca.list', {});
  const active = issuers.filter(({ kind, state }) => kind === 'intermediate' && state === 'active');
  const names = [...new Set(['', ...active.map(({ name }) => name), value])];
  const choices = Object.fromEntries(names.map((name) => [name, name === '' ? t('recipes.choose') : name]));
  const pick = (name: string) => {
    const found = active.find((one) => one.name === name);
    onPick({ issuer: name, ...(found ? { issuerKey: found.publicKey } : {}) });
  };
  return <Choice label={label} error={error} value={value} choices={choices} onChange={pick} />;
}
