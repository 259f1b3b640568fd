import type { tour as english } from '../en/tour.ts';
import type { Told } from '../messages.ts';

export const tour: Told<typeof english> = {
  title: 'Visita guiada',
  offer: 'Visita: 2 minutos',
  decline: 'No',
  about: '¿Es su primera vez? La visita va de la primera unidad a la prueba.',
  at: '{step} de {steps}',
  next: 'Siguiente',
  leave: 'Salir',
  finish: 'Listo',
  steps: {
    scan: 'Escanee una unidad: pulse una etiqueta sin X, o escríbala y pulse Enter. El puesto muestra cada paso y después {pass}.',
    wrong: 'Ahora escanee la etiqueta que termina en X: está en una unidad equivocada. La estación lo descubre.',
    read: '{fail} dice qué se encontró, qué hacer, y un código. Mayús+F1 abre la página del código; Escape la cierra.',
    mend: 'La unidad equivocada está apartada. Escanee una etiqueta sin X: la línea sigue, y {pass} es solo para lo fabricado.',
    order: '¿Cuánto lleva hecho la orden? F9 abre el menú: elija «{orders}».',
    become:
      'Aquí está el avance de la orden. Las pruebas son para quien revisa: «{out}» arriba, y entre como {auditor}.',
    evidence: 'F9, «{audit}», «{exports}», «{write}»: la estación escribe la prueba y la verifica.',
    done: 'Se fabricó una unidad, se descubrió una equivocada y la prueba es válida. La ayuda empieza la visita de nuevo.',
  },
};
