import type { files as english } from '../en/files.ts';
import type { Told } from '../messages.ts';

export const files: Told<typeof english> = {
  save: 'Guardar: {what}',
  show: 'Mostrar: {what}',
  choose: 'Elegir un archivo: {what}',
  unread: 'No se pudo leer este archivo, o es más largo que lo que se pide aquí.',
};
