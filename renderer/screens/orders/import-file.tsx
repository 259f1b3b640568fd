import { type DragEvent, type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { useDo } from '../../station.ts';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './import.module.css';
import { canEdit, linesOf, pastedText, readTextFile, type TextFile } from './text-file.ts';

export type FileChoiceProps = { readonly file: TextFile | undefined; readonly onFile: (file: TextFile) => void };

/** An order file: chosen, dropped, or pasted as text, which can be mended here as long as it is not too large. */
export function FileChoice({ file, onFile }: FileChoiceProps): ReactElement {
  const { t } = useSay();
  const { error, run } = useDo();
  const [over, setOver] = useState(false);
  const take = (chosen: File | undefined) => {
    if (chosen) run(async () => onFile(await readTextFile(chosen)));
  };
  // At once, since a field that is told its text later puts the cursor at its end.
  const type = (text: string) => {
    const typed = { name: file?.name ?? '', text };
    if (canEdit(typed)) onFile(typed);
    else run(async () => onFile(pastedText(typed.name, text)));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone; the button and the text do the same.
    <div
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Panel
        title={t('orders.importing.file')}
        buttons={
          <ChooseFile word={t('orders.importing.choose')} accept=".csv,.txt,text/csv,text/plain" onFile={take} />
        }
      >
        <p>{file?.name ? <strong>{file.name}</strong> : t('orders.importing.drop')}</p>
        {error && <Problem error={error} />}
        {file && !canEdit(file) ? (
          <p>
            {t('orders.importing.large', { name: file.name || t('orders.importing.pasted'), lines: linesOf(file) })}
          </p>
        ) : (
          <TextArea
            label={t('orders.importing.text')}
            means={t('orders.importing.textMeans')}
            rows={7}
            value={file?.text ?? ''}
            onChange={type}
          />
        )}
      </Panel>
    </div>
  );
}
