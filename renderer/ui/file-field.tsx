import { type ReactElement, useId } from 'react';
import styles from './file-field.module.css';

/** Takes one file from the person; `onFile` gets it once for each choice. */
export function FileField({ label, onFile }: { label: string; onFile: (file: File) => void }): ReactElement {
  const id = useId();
  return (
    <div className={styles.file}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        onChange={(event) => {
          const field = event.currentTarget;
          const [file] = field.files ?? [];
          if (file) onFile(file);
          // The same file can be chosen again, after it was mended.
          field.value = '';
        }}
      />
    </div>
  );
}
