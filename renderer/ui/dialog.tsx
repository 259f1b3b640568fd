import { type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './dialog.module.css';

export type DialogProps = {
  readonly title: string;
  readonly children: ReactNode;
  /** The buttons, the one that most people want last. */
  readonly buttons: ReactNode;
  /** Escape, and whatever else means no. */
  readonly onClose: () => void;
};

/** Asks something before anything else goes on: the browser's own modal dialog, which keeps the focus and gives it back. */
export function Dialog({ title, children, buttons, onClose }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      <div className={styles.body}>{children}</div>
      <div className={styles.buttons}>{buttons}</div>
    </dialog>
  );
}

/** Presses what most people want of the dialog in front, for a barcode; never what cannot be undone. Whether there was such a button. */
export function confirmDialog(document: Document): boolean {
  const front = [...document.querySelectorAll('dialog[open]')].at(-1);
  const [button, another] = front?.querySelectorAll<HTMLButtonElement>('button[data-kind="main"]:enabled') ?? [];
  if (!button || another) return false;
  button.click();
  return true;
}
