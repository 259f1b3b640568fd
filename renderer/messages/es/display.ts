import type { display as english } from '../en/display.ts';
import type { Told } from '../messages.ts';

export const display: Told<typeof english> = {
  title: 'Esta pantalla',
  about: 'Esto se guarda en este equipo. El idioma sigue a la persona que inicia sesión.',
  theme: 'Colores',
  themes: { auto: 'Como en el equipo', light: 'Claro', dark: 'Oscuro', contrast: 'Alto contraste' },
  language: 'Idioma',
  sound: 'Sonidos',
  soundMeans: 'Lectura aceptada, BIEN, FALLO, se necesita a una persona. Nada se dice solo con un sonido.',
  soundPass: 'También un sonido para BIEN',
  sizes: 'Tamaños',
  sizesMean: 'El texto es tan grande como debe ser a esta distancia: 4,1 mm a 0,7 m.',
  diagonal: 'Diagonal de la pantalla, pulgadas',
  distance: 'Distancia de los ojos, metros',
  asItComes: 'Los tamaños siguen a la ventana hasta que se indican ambos.',
  sample: 'Esta línea mide {mm} mm de alto. Mídala con una regla.',
  clear: 'Olvidar ambos tamaños',
  kiosk: 'Quiosco',
  kioskMeans:
    'La estación ocupa toda la pantalla y nadie cierra la ventana. El responsable de línea o el responsable de seguridad sale de él aquí.',
  openKiosk: 'Abrir el quiosco',
  leaveKiosk: 'Salir del quiosco',
};
