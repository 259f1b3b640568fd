import type { help as english } from '../en/help.ts';
import type { Told } from '../messages.ts';

export const help: Told<typeof english> = {
  sections: {
    codes: 'Códigos',
    keys: 'Teclas',
    scanners: 'Escáneres',
    legend: 'Colores y formas',
    roles: 'Roles',
    about: 'Acerca de',
  },
  of: 'Ayuda: {code}',
  asking: 'Obteniendo las páginas …',
  failed: 'No se pudieron obtener las páginas de la estación. Abra la ayuda de nuevo cuando vuelva la conexión.',
  find: 'Código o palabras',
  findMeans: 'El código que está bajo un mensaje, o palabras de él. Enter abre la primera página.',
  found: '{count, plural, one {# página} other {# páginas}}',
  nothing: 'Ninguna página tiene todas estas palabras. Pruebe con menos palabras o solo con el código.',
  list: 'Páginas',
  choose: 'No hay ninguna página abierta',
  chooseMeans: 'Elija un código: qué significa, qué hacer ahora y qué mira el jefe de línea.',
  means: 'Qué significa',
  todo: 'Qué hacer',
  lead: 'Para el jefe de línea',
  retry: { yes: 'Intentarlo de nuevo puede servir', no: 'Intentarlo de nuevo sin más no sirve' },
  areas: {
    units: 'Unidades e identidades',
    lanes: 'Puestos y conexiones',
    tpm: 'TPM',
    console: 'Consola y secretos',
    people: 'Personas',
    orders: 'Órdenes y recetas',
    hsm: 'HSM',
    ca: 'Certificados',
    cloud: 'Nube',
    airGap: 'Sin conexión de red',
    station: 'Estación, registro de auditoría, copias',
  },
  keys: {
    lanes: {
      title: 'En los puestos',
      choose: {
        keys: 'F1 – F8',
        does: 'El puesto 1 a 8 recibe la próxima lectura; la misma tecla otra vez anula la elección.',
      },
      send: { keys: 'Enter', does: 'Envía el código escrito. Un lector lo hace por sí solo.' },
      back: { keys: 'Retroceso', does: 'Borra el último carácter.' },
      clear: {
        keys: 'Escape',
        does: 'Borra lo escrito. Si no hay nada escrito: anula la elección del puesto y dice «visto», lo que termina una llamada.',
      },
      retry: { keys: 'F10', does: 'Fabrica otra vez la unidad cuyo puesto muestra F10.' },
      label: {
        keys: 'Mayús+F10',
        does: 'La etiqueta de la última unidad que pasó, o del puesto elegido, otra vez: abre «Etiquetas», donde Intro imprime.',
      },
      explain: {
        keys: 'Mayús+F1',
        does: 'Qué significa el código de la lectura rechazada, del puesto elegido o del peor puesto; si no hay ninguno, esta ayuda.',
      },
    },
    barcodes: {
      title: 'Por código de barras',
      confirm: {
        does: 'Pulsa lo que casi todos responden a una pregunta abierta; nunca algo que no se pueda deshacer.',
      },
      retry: { does: 'Fabrica otra vez la unidad, como F10.' },
      fixture: { does: 'El puesto de este útil recibe la próxima lectura.' },
      test: { does: 'Muestra si el escáner y este ordenador tienen el mismo teclado.' },
    },
    everywhere: {
      title: 'En todas partes',
      menu: { keys: 'F9', does: 'Abre el menú y lo cierra.' },
      help: { keys: 'Mayús+F1, F1', does: 'Esta ayuda. En los puestos, F1 sola es el puesto 1.' },
      next: { keys: 'Tab, Mayús+Tab', does: 'Al control siguiente, y de vuelta.' },
      press: { keys: 'Enter, Espacio', does: 'Pulsa el control que tiene el marco.' },
      arrows: { keys: 'Flechas', does: 'Recorren el menú, las tablas y esta lista de páginas.' },
      close: { keys: 'Escape', does: 'Cierra un diálogo; no se hace nada.' },
      reload: { keys: 'Ctrl+R', does: 'Carga las pantallas de nuevo; los puestos siguen trabajando.' },
      full: { keys: 'F11', does: 'Pantalla completa, y de vuelta.' },
    },
  },
  scanner: {
    title: 'Configurar un escáner',
    print: 'Imprimir los códigos',
    expects: 'Antes de cada código el escáner envía',
    nothing: 'nada',
    barcodes: 'Códigos de barras',
    steps: {
      keyboard:
        'Con la hoja que venía con el escáner, elija el teclado de este ordenador o, mejor, un modo que no lo necesite (USB COM).',
      enter: 'Ajústelo para que envíe Enter (retorno de carro) después de cada código.',
      prefix:
        'Ajústelo para que envíe antes de cada código lo que figura arriba; nada, si no figura nada. Otro valor se elige en los ajustes.',
      test: 'Escanee el código de prueba: aquí o en los puestos se dice si ambos coinciden.',
    },
  },
  legend: {
    looks: 'Qué dice un puesto',
    look: {
      ready: 'Aquí aún no se ha fabricado nada. El puesto espera una lectura.',
      armed: 'Una lectura espera su unidad: al conectarla, el puesto empieza por sí solo.',
      busy: 'Se está fabricando una unidad. Déjela donde está.',
      passed: 'La unidad tiene su identidad y todo está registrado. Queda a la vista hasta la próxima lectura.',
      failed: 'La unidad no pasó; la causa es la unidad. Apártela, como dice el puesto.',
      errored: 'La causa es la estación o un puesto, no la unidad. Llame a quien nombra el puesto.',
      indeterminate:
        'Nadie sabe si la unidad tomó su identidad. No puede salir: escanéela de nuevo o llame al jefe de línea.',
      aborted: 'Alguien la detuvo. La unidad se puede fabricar de nuevo.',
    },
    noNews: 'La conexión se perdió mientras se fabricaba la unidad. Déjela en el puesto.',
    unplugged: 'No hay nada conectado al puerto del puesto.',
    marks: 'Marcas de los pasos',
    mark: { waiting: 'Espera', running: 'En curso', ended: 'Hecho', broke: 'No funcionó' },
    sounds: 'Sonidos',
    sound: {
      scan: { is: 'Corto y agudo', means: 'Se aceptó una lectura.' },
      pass: { is: 'Un tono', means: 'Una unidad está bien.' },
      fail: { is: 'Descendente, dos veces', means: 'Una unidad falló.' },
      person: {
        is: 'Tres veces, repetido',
        means: 'Hace falta una persona. Escape en los puestos dice «visto».',
      },
    },
    headline:
      'La palabra grande sobre los puestos es la del peor puesto. Ningún sonido dice algo que no esté en la pantalla.',
  },
  roles: {
    about: 'Para qué sirven los cuatro roles y qué pantallas ven.',
    all: 'Cada operación, rol por rol',
    you: 'Este es su rol.',
    sees: 'Pantallas: {screens}',
    means: {
      technician: 'Fabrica unidades: escanea, aparta, intenta de nuevo. Lee órdenes, recetas y el estado de la nube.',
      lead: 'Lleva la línea: importa y cierra órdenes, libera puestos detenidos y unidades apartadas, añade personas.',
      'security-officer':
        'Guarda claves y reglas: desbloquea el HSM, aprueba recetas, configura emisores, nube y copias de seguridad.',
      auditor: 'No cambia nada: lee el registro de auditoría, busca en él y lo exporta como prueba.',
    },
  },
  about: {
    means: 'Da a cada unidad su identidad en la nube en la línea, sin red, y la inscribe después.',
    version: 'Versión',
    station: 'Estación',
    mode: 'Tipo',
    modes: { practice: 'práctica', production: 'producción' },
    licence: 'Licencia',
    quiet: 'Este programa no informa a nadie: solo se conecta con los sitios que nombran los ajustes.',
    made: 'Hecho con',
    madeMeans:
      'Paquetes de otros en este programa o en partes de él. El programa instalado tiene sus licencias en licences.txt.',
    name: 'Paquete',
  },
};
