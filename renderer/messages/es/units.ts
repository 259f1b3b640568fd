import type { units as english } from '../en/units.ts';
import type { Told } from '../messages.ts';

export const units: Told<typeof english> = {
  title: 'Unidades',
  find: 'Escanee o escriba una etiqueta',
  show: 'Buscar',
  about: 'Número de serie o identificador de registro, como dice la etiqueta.',
  none: 'Ninguna unidad de esta estación tiene esta etiqueta.',
  notUnit: 'Esta etiqueta no nombra ninguna unidad.',
  serial: 'Número de serie',
  order: 'Orden',
  recipe: 'Receta',
  registrationId: 'Identificador de registro',
  state: 'Estado',
  standings: {
    waiting: 'por fabricar',
    finished: 'terminada',
    quarantined: 'en cuarentena',
    shipped: 'salió',
    scrapped: 'desechada',
  },
  since: 'Desde',
  credential: 'Credencial',
  replacing: 'Su próxima pasada le da otra credencial.',
  packing: 'Antes de salir',
  checks: {
    key: 'Consta su clave de endoso',
    validity: 'El certificado vale bastante tiempo',
    receipt: 'La nube la conoce',
    cloud: 'No está bloqueada en la nube',
    label: 'Etiqueta escaneada',
  },
  holds: 'sí',
  fails: 'NO',
  acts: {
    release: 'Sacar de cuarentena',
    rework: 'Hacer otra vez',
    replace: 'Sustituir credencial',
    scrap: 'Desechar',
    ship: 'Dar salida',
  },
  release: {
    title: '¿Sacar {serial} de cuarentena?',
    means: 'Espera su próxima pasada. ¿Por qué puede seguir? El motivo queda en el registro de auditoría: sin nombres.',
    reason: 'Motivo',
  },
  rework: {
    title: '¿Hacer {serial} otra vez?',
    means: 'Pasa otra vez por la línea y recibe la misma credencial. Hasta entonces cuenta como no hecha.',
  },
  replace: {
    title: '¿Dar a {serial} otra credencial?',
    means:
      'Su clave ya no se guarda. Sus certificados se revocan ahora; su próxima pasada le da una credencial nueva y su entrada en la nube se cambia. Una segunda persona está de acuerdo.',
  },
  scrap: {
    title: '¿Desechar {serial}?',
    means:
      'Sus certificados se revocan, su entrada en la nube se bloquea y no se vuelve a hacer nunca. Una segunda persona está de acuerdo.',
    reason: 'Motivo',
    typed: 'Escriba el número de serie para confirmar',
  },
  open: {
    title: 'Sin cerrar',
    about: 'Unidades cuya credencial ni salió, ni se anuló, ni se sustituyó: primero las órdenes más antiguas.',
    none: 'Todas las credenciales están cerradas.',
    made: 'Credencial desde',
  },
};
