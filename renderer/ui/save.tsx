import { type ReactElement, useRef } from 'react';
import { save } from '../files.ts';
import { useSay } from '../say.ts';
import { Button } from './button.tsx';
import styles from './save.module.css';

/** A button that saves a text as a file, and the text itself, for whoever cannot save and copies it. */
export function Save(props: { word: string; name: string; text: string; type?: string }): ReactElement {
  const { word, name, text, type } = props;
  const { t } = useSay();
  return (
    <div className={styles.save}>
      <Button onPress={() => save(name, text, type)}>{t('files.save', { what: word })}</Button>
      <details>
        <summary>{t('files.show', { what: word })}</summary>
        <textarea readOnly rows={8} value={text} aria-label={`${word}: ${name}`} />
      </details>
    </div>
  );
}

type ChooseProps = {
  readonly word: string;
  readonly accept: string;
  readonly many?: boolean;
  /** Larger files are not read: nothing of what is asked for is that long. Bytes. */
  readonly longest: number;
  readonly onFiles: (files: readonly Uint8Array[]) => void;
  readonly onTooLong: () => void;
};

/** A button that takes files. */
export function Choose({ word, accept, many = false, longest, onFiles, onTooLong }: ChooseProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const take = async (files: readonly File[]) => {
    if (files.reduce((sum, { size }) => sum + size, 0) > longest) return onTooLong();
    const buffers = await Promise.all(files.map((file) => file.arrayBuffer()));
    onFiles(buffers.map((buffer) => new Uint8Array(buffer)));
  };
  return (
    <>
      <Button onPress={() => input.current?.click()}>{word}</Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={word}
        accept={accept}
        multiple={many}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = ''; // the same file can be chosen again
          // A file that is gone by now is as if it had not been chosen: it is asked for again.
          take(files).catch(onTooLong);
        }}
      />
    </>
  );
}
