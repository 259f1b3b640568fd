import { StationError } from '../../../station-core/contract/errors.ts';
import { longestOrderFile } from '../../../station-core/contract/orders.ts';

/** A file's text as it was chosen, dropped or pasted; what was pasted has no name. */
export type TextFile = { readonly name: string; readonly text: string };

/** Reads a file that a person chose. Throws `order.file-unreadable` for one that is too large, is gone, or is no text in UTF-8. */
export async function readTextFile(file: File): Promise<TextFile> {
  const unreadable = (cause?: unknown) => new StationError('order.file-unreadable', { file: file.name }, { cause });
  if (file.size > longestOrderFile) throw unreadable();
  try {
    const bytes = await file.arrayBuffer();
    return { name: file.name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Text that was pasted or typed. Throws `order.file-unreadable` for what is too large. */
export function pastedText(name: string, text: string): TextFile {
  if (new Blob([text]).size <= longestOrderFile) return { name, text };
  throw new StationError('order.file-unreadable', { file: name || '–' });
}

/** Text of more characters is not shown for editing: a browser takes seconds for each key then. */
const longestToEdit = 300_000;

export const canEdit = ({ text }: TextFile): boolean => text.length <= longestToEdit;

export const linesOf = ({ text }: TextFile): number => text.split('\n').length;
