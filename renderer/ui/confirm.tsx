import { type ReactElement, type ReactNode, useState } from 'react';
import { useSay } from '../say.ts';
import { useDo } from '../station.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { Problem } from './problem.tsx';

export type ConfirmProps = {
  readonly title: string;
  /** What will happen, and what cannot be undone. */
  readonly children: ReactNode;
  /** The word of the button that does it. */
  readonly word: string;
  /** What has to be typed first, for what cannot be undone: a name. */
  readonly typed?: { readonly label: string; readonly text: string };
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
};

/** Says what will happen, does it, and stays with what went wrong. */
export function Confirm({ title, children, word, typed, onConfirm, onClose }: ConfirmProps): ReactElement {
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [given, setGiven] = useState('');
  const ready = typed === undefined || given === typed.text;
  const confirm = () =>
    run(async () => {
      await onConfirm();
      onClose();
    });
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.second.cancel')}</Button>
      <Button kind="danger" busy={busy} disabled={!ready} onPress={confirm}>
        {word}
      </Button>
    </>
  );
  return (
    <Dialog title={title} buttons={buttons} onClose={onClose}>
      {children}
      {typed && <TextField label={typed.label} value={given} onChange={setGiven} />}
      {error && <Problem error={error} />}
    </Dialog>
  );
}
