import { type ReactElement, useRef } from 'react';
import { Button } from './button.tsx';

export type ChooseProps = {
  readonly word: string;
  /** Endings of names that are shown first; all, when left out. */
  readonly accept?: string;
  readonly onFile: (file: File | undefined) => void;
};

/** A button that opens the computer's own dialog for files. The same file can be chosen again after it was mended. */
export function ChooseFile({ word, accept, onFile }: ChooseProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        onChange={({ currentTarget }) => {
          onFile(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      <Button onPress={() => input.current?.click()}>{word}</Button>
    </>
  );
}
