import type { files as english } from '../en/files.ts';
import type { Told } from '../messages.ts';

export const files: Told<typeof english> = {
  save: 'Speichern: {what}',
  show: 'Zeigen: {what}',
  choose: 'Datei wählen: {what}',
  unread: 'Diese Datei konnte nicht gelesen werden oder ist länger als das, was hier gefragt ist.',
};
