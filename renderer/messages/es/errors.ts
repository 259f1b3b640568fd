import type { ErrorCode } from '../../../station-core/contract/errors.ts';

/** The sentences of station-core/contract/errors.ts in Spanish. */
export const errors: Readonly<Record<ErrorCode, string>> = {
  'unit.silent': 'La unidad no responde ({what}). Compruebe la alimentación y el asiento y vuelva a escanearla.',
  'unit.garbled': 'La unidad envió algo que no es del protocolo ({what}). Vuelva a colocarla y a escanearla.',
  'unit.serial-mismatch':
    'La etiqueta dice {serial} y la unidad dice {foundSerial}. Aparte la unidad: la etiqueta y la unidad no corresponden.',
  'unit.mac-mismatch': 'La orden dice MAC {mac} y la unidad dice {foundMac}. Aparte la unidad.',
  'unit.version':
    'La unidad usa la versión {found} del protocolo; esta estación, la {expected}. Actualice el firmware o la estación.',
  'unit.cannot': 'A la unidad le falta una capacidad que la receta necesita: {what}.',
  'unit.refused': 'La unidad rechazó {what}: {reason}.',
  'unit.other-credential':
    'La unidad ya tiene otra credencial. Apártela para que el responsable de línea decida el retrabajo.',
  'unit.proof-wrong': 'La unidad no pudo probar su credencial. Vuelva a escanearla; si se repite, apártela.',
  'unit.certificate-refused': 'El certificado que trae la unidad se rechaza: {rule}. Aparte la unidad.',
  'unit.not-programmed':
    'No programada ({name}, código de salida {code}): {said}. Vuelva a colocarla y a escanearla; si se repite, apártela.',
  'tpm.missing': 'La unidad no tiene un TPM que responda ({what}). Vuelva a colocarla; si se repite, apártela.',
  'tpm.version': 'La unidad tiene un TPM {found}; DPS necesita TPM 2.0 (F-90). Aparte la unidad.',
  'tpm.failure-mode': 'El TPM de la unidad está en modo de fallo: su autocomprobación falló. Aparte la unidad.',
  'tpm.lockout':
    'El TPM de la unidad está bloqueado por autorizaciones erróneas. Déjela encendida hasta que acabe el bloqueo y vuelva a escanearla.',
  'tpm.auth':
    'El TPM de la unidad rechazó la autorización de {what}. Compruebe el secreto que nombra la receta; los erróneos bloquean un TPM.',
  'tpm.refused': 'El TPM de la unidad rechazó {command}: {code}. Vuelva a escanearla; si se repite, apártela.',
  'tpm.garbled':
    'El TPM de la unidad contestó a {command} con algo que no es una respuesta ({place}: se esperaba {expected}). Vuelva a escanearla.',
  'tpm.key-refused': 'Lo que la unidad muestra ({what}) no es lo que debe ser: {rule}. Aparte la unidad.',
  'tpm.name-differs':
    'El TPM de la unidad da a {what} otro nombre que el que resulta de su parte pública. Aparte la unidad: no es un TPM auténtico.',
  'tpm.not-activated':
    'El TPM de la unidad no pudo abrir el desafío: la clave de aprobación que muestra no es suya. Aparte la unidad.',
  'ek.certificate-missing':
    'El TPM de la unidad no tiene certificado de su clave de aprobación. Aparte la unidad o pida al responsable de línea la lista del fabricante del TPM.',
  'ek.certificate-unreadable':
    'El certificado de la clave de aprobación no se puede leer ({place}: se esperaba {expected}). Aparte la unidad.',
  'ek.certificate-expired':
    'El certificado de la clave de aprobación no es válido ahora ({rule}). Compruebe el reloj y aparte la unidad.',
  'ek.certificate-self-signed':
    'El certificado de la clave de aprobación solo está firmado por sí mismo. Aparte la unidad: no es el TPM de un fabricante.',
  'ek.certificate-other-key':
    'El certificado es de otra clave de aprobación que la que muestra la unidad. Aparte la unidad.',
  'ek.certificate-usage': 'El certificado no es de una clave de aprobación: {rule}. Aparte la unidad.',
  'ek.certificate-chain': 'El certificado de la clave de aprobación se rechaza en {which}: {rule}. Aparte la unidad.',
  'ek.root-unknown':
    'El certificado de la clave de aprobación no lleva a ninguna raíz que la receta nombre ({issuer}). Aparte la unidad; el responsable de seguridad decide sobre nuevos fabricantes de TPM.',
  'ek.software':
    'La unidad tiene un TPM de software ({what}). La producción solo admite TPM reales (F-101). Aparte la unidad.',
  'ek.not-genuine-enough': 'La receta solo pide {found}; la producción pide {expected} a cada TPM.',
  'ek.taken':
    'Las unidades {serial} y {other} tienen la misma clave de aprobación. Aparte las dos y llame al responsable de línea: el puesto se detiene.',
  'ek.changed':
    'La unidad {serial} se vio antes con otra clave de aprobación. Un TPM nuevo la convierte en otro dispositivo: deséchela o apártela (F-98). El puesto se detiene.',
  'ek.public-sample':
    'La clave de aprobación de la unidad está impresa en documentos públicos. La producción no la admite. Aparte la unidad.',
  'ek.not-listed':
    'La clave de aprobación no está en la lista {list} del fabricante del TPM. Aparte la unidad: el puesto se detiene (F-102).',
  'ek.other-id':
    'La lista {list} inscribió esta clave de aprobación con otro identificador de registro que {registrationId}. El responsable de línea decide cuál vale.',
  'unit.mac-taken':
    'Las unidades {serial} y {other} dicen tener la misma MAC. Aparte las dos y llame al responsable de línea: el puesto se detiene.',
  'lane.stopped': 'El puesto {lane} está detenido. {reason}',
  'console.no-prompt':
    'La consola de la unidad no muestra {what} en {seconds} s. Compruebe que la unidad ha arrancado y que la velocidad es la correcta y vuelva a escanearla.',
  'console.login-refused':
    'La consola de la unidad rechazó el inicio de sesión {login}. Compruebe el secreto que nombra la receta.',
  'console.tool-missing': 'A la unidad le falta {tool}. Su imagen de software debe contener tpm2-tools.',
  'console.failed':
    'La unidad no pudo hacer {what} en su consola (código de salida {code}). Vuelva a escanearla; si se repite, apártela.',
  'console.garbled': 'La consola de la unidad contestó a {what} con algo que no es una respuesta. Vuelva a escanearla.',
  'console.file-differs':
    'El archivo {path} que la unidad relee no es el que se escribió. Vuelva a escanearla; si se repite, apártela.',
  'programmer.unknown':
    'La receta nombra el programador {name}, que esta estación no tiene. Añádalo a station.json o use otra receta.',
  'programmer.changed':
    'El archivo del programador {name} no es el que fija station.json (SHA-256 {found}). No se inició. Restaure la versión fijada o fije la nueva.',
  'programmer.not-started': 'No se pudo iniciar el programador {name}: {reason}.',
  'programmer.broke':
    'El programador {name} se interrumpió ({ended}): {said}. Compruebe el equipo y su cable; después vuelva a escanear la unidad.',
  'programmer.late':
    'El programador {name} no acabó en {seconds} s: {said}. Compruebe el equipo y su cable; después vuelva a escanear la unidad.',
  'secret.unknown':
    'La estación no tiene el secreto {name}. El responsable de seguridad lo pone: birthmark secret set --name {name}.',
  'link.missing': 'El puerto {port} del puesto {lane} no está. Conecte el útil.',
  'link.lost': 'Se perdió el enlace con la unidad ({port}). Compruebe el cable y vuelva a escanear la unidad.',
  'link.refused': 'El puerto {port} no se pudo abrir: {reason}. Cierre el programa que lo usa.',
  'person.unknown': 'El nombre o el PIN es erróneo. Inténtelo de nuevo.',
  'person.locked':
    'Este nombre está bloqueado tras demasiados PIN erróneos. Llame al responsable de línea o al responsable de seguridad: ellos lo desbloquean.',
  'person.choose-pin': 'Este es un código de un solo uso. Elija ahora un PIN propio.',
  'person.code-ended':
    'El código de un solo uso ya no es válido. Pida otro al responsable de línea y al responsable de seguridad.',
  'person.pin-weak':
    'Este PIN no se acepta. Elija uno de 6 o más caracteres: no todos iguales, sin secuencias como 123456, ni su nombre ni el PIN anterior.',
  'person.nobody': 'Aquí nadie tiene este nombre. Mire la lista de personas y elija de nuevo.',
  'person.left': 'Esta persona se ha ido. Si ha vuelto, añádala de nuevo.',
  'person.last': 'Es la única persona con el rol {role} que puede iniciar sesión. Añada antes a otra y repítalo.',
  'person.badge-taken': 'Esta tarjeta ya nombra a otra persona. Tome otra tarjeta.',
  'person.others-agree':
    'Aquí hay dos personas que pueden aprobarlo. Lo hacen ellas: birthmark people reset --as NAME --second NAME.',
  'person.not-signed-in': 'Aquí no hay nadie con sesión iniciada. Inicie sesión primero.',
  'person.not-allowed': 'El rol {role} no puede hacer esto ({method}); hace falta uno de: {allowed}.',
  'person.second-needed': 'Esto necesita una segunda persona ({allowed}) que apruebe exactamente esta operación.',
  'person.approval-wrong': 'La aprobación es de otra operación, ya se usó o la dio la misma persona.',
  'person.none': 'Aquí ya no queda nadie con el rol {role}. Añada a alguien: birthmark people add.',
  'person.taken': 'Ya hay un operador con este nombre.',
  'input.invalid': '{place}: se esperaba {expected} y se encontró {found}.',
  'input.unknown-call': 'No existe la llamada {method}.',
  'identity.invalid': 'El identificador de registro {registrationId} no está permitido: {rule}.',
  'identity.taken': 'El identificador de registro {registrationId} ya es de otra unidad.',
  'identity.erased':
    'Este dato ({what}) es de una unidad cuyo registro se borró y no se usa nunca más. Aparte la unidad y pregunte al responsable de seguridad.',
  'order.unknown': 'No existe la orden {order}.',
  'order.full': 'La orden {order} está completa: se hicieron {quantity} unidades.',
  'order.closed': 'La orden {order} está cerrada.',
  'order.file-refused':
    'El archivo {file} tiene problemas: {problems}, el primero en la línea {line}. No se creó nada. Corrija el archivo e impórtelo de nuevo.',
  'order.file-unreadable':
    'El archivo {file} no se puede leer como texto (UTF-8, 10 MB como máximo). Guárdelo como CSV en UTF-8 y elíjalo de nuevo.',
  'recipe.unknown': 'La estación no tiene esta receta. Elija otra, o el archivo en que está.',
  'order.not-armed':
    'La orden {order} no está habilitada: su clave aún no se comparó con la nube y ningún responsable de línea lo aceptó. Pregunte al responsable de línea.',
  'order.key-differs':
    'La clave {label} de esta estación no es la clave del grupo {group} en la nube. No se puede hacer ninguna unidad con ella.',
  'order.not-comparable':
    'Desde aquí no se puede leer lo que {target} tiene para la orden {order}. Compárelo allí y habilite la orden con --accept.',
  'unit.unknown': 'Ninguna orden abierta tiene una unidad {serial}. Compruebe la etiqueta o la orden.',
  'unit.ambiguous': 'Varias órdenes abiertas tienen una unidad {serial}; elija la orden.',
  'export.no-entries':
    'El registro de auditoría aún no tiene ningún asiento de la unidad {serial}: nunca se ejecutó. Compruebe el número de serie y la orden.',
  'unit.finished': 'La unidad {serial} ya se terminó: {at}.',
  'unit.busy': 'La unidad {serial} se está haciendo ahora en el puesto {lane}.',
  'label.unknown-template':
    'Esta estación no tiene la plantilla de etiqueta {template}. Corrija la receta o añada la plantilla a station.json.',
  'label.no-printer':
    'No hay impresora para esta etiqueta: {what}. Corrija las impresoras en station.json o nombre otra.',
  'label.none': 'La receta de {serial} no tiene etiqueta.',
  'label.not-passed': '{serial} no recibe etiqueta: no ha pasado.',
  'label.cannot': 'La etiqueta no se puede hacer: {what}: {reason}. Corrija la plantilla o la orden.',
  'printer.gone': 'No se llega a la impresora {printer}. Compruebe su corriente y su cable; las etiquetas la esperan.',
  'printer.refused': 'La impresora {printer} no se pudo usar: {reason}. Las etiquetas la esperan.',
  'printer.silent':
    'La impresora {printer} no dice cómo está. Apáguela y enciéndala; si nunca lo dice, ponga status: false en station.json.',
  'printer.paper-out':
    'A la impresora {printer} no le quedan etiquetas. Ponga un rollo nuevo; lo que espera se imprime por sí solo.',
  'printer.head-open': 'La impresora {printer} está abierta. Cierre el cabezal; lo que espera se imprime por sí solo.',
  'printer.not-ready': 'La impresora {printer} no imprime: {reason}. Las etiquetas la esperan.',
  'lane.unknown': 'Esta estación no tiene el puesto {lane}.',
  'lane.busy': 'El puesto {lane} sigue trabajando. Espere su resultado.',
  'scan.unreadable':
    'Lo que llegó del escáner no es una etiqueta legible. Escanéela de nuevo; si se repite, vuelva a imprimir la etiqueta.',
  'scan.no-serial':
    'La etiqueta no indica un único número de serie (GS1 AI 21). Escanee la etiqueta con el número de serie de la unidad.',
  'scan.checksum':
    'El carácter de control de {serial} es erróneo: se leyó o se escribió mal. Escanéelo de nuevo; si se repite, vuelva a imprimir la etiqueta.',
  'scan.unknown-command': 'No existe la orden {code}. Escanee uno de los códigos de órdenes de esta versión.',
  'scanner.gone': 'El escáner {scanner} no está. Conéctelo; se vuelve a usar por sí solo.',
  'light.unreachable':
    'La baliza {light} no se puede ajustar ({reason}). Los puestos siguen trabajando; se intenta de nuevo por sí solo.',
  'scanner.refused':
    'El escáner {scanner} no se pudo abrir: {reason}. Cierre el programa que lo usa; se intenta de nuevo por sí solo.',
  'lane.armed': 'El puesto {lane} espera la unidad {serial}. Conéctela allí o desarme ese puesto.',
  'lane.starts-by-scan': 'El puesto {lane} empieza con el escaneo, no al conectar una unidad.',
  'run.unknown': 'No existe la ejecución {run}.',
  'run.aborted': 'La ejecución la detuvo: {who}.',
  'run.interrupted': 'La estación se detuvo mientras se hacía esta unidad. Vuelva a escanear la unidad.',
  'run.empty': 'El plan de esta unidad no tiene ningún paso, así que no se probaría nada.',
  'recipe.not-approved':
    'La receta {recipe} no está en vigor: antes deben aprobarla un responsable de línea y un responsable de seguridad.',
  'recipe.unsupported': 'Esta estación no puede ejecutar la receta: {what}.',
  'recipe.version-taken': 'Ya existe otra receta {recipe} de la versión {version}. Asigne a esta la versión siguiente.',
  'setup.first':
    'Esta estación aún no está configurada, por lo que no puede hacer {method}. Termine primero la configuración.',
  'setup.done': 'Esta estación ya está configurada. Vuelva a cargar la página para verla.',
  'setup.busy': 'La estación se está creando en este momento. Espere.',
  'setup.no-pin': 'El HSM no se desbloqueó para este token. Elija el token e introduzca su PIN.',
  'settings.units': 'El puesto {lane} está fabricando una unidad. Espere su resultado y después reinicie la estación.',
  'settings.same-port':
    '{one} y {other} son dos nombres de un mismo puerto. Dé a cada puesto y a cada escáner un puerto propio.',
  'settings.no-restart': 'Esta estación se inició con una orden. Deténgala allí e iníciela de nuevo: birthmark serve.',
  'settings.failed':
    'No se pudieron escribir los ajustes ({reason}). Nada ha cambiado. Libere espacio o conceda el permiso de escritura y guárdelos de nuevo.',
  'hsm.locked': 'El HSM está bloqueado. El responsable de seguridad debe desbloquearlo.',
  'hsm.down': 'El HSM no responde ({what}). Los puestos esperan; llame al responsable de seguridad.',
  'hsm.ambiguous':
    'Se perdió la respuesta del HSM a una firma ({what}). Cuenta como posiblemente emitida. Vuelva a escanear la unidad; si se repite, llame al responsable de seguridad.',
  'hsm.not-unwrapped':
    'La clave envuelta {label} no se abre: se cambió, o se envolvió con otra clave o de otra manera.',
  'hsm.key-missing': 'El HSM no tiene la clave {label}. Llame al responsable de seguridad.',
  'hsm.key-ambiguous': 'El HSM tiene varias claves {label}. Llame al responsable de seguridad.',
  'hsm.key-differs':
    'La clave {label} del HSM no es la que se configuró (su valor de comprobación es distinto). Llame al responsable de seguridad.',
  'hsm.key-attribute': 'La clave {label} del HSM debe tener {attribute} = {expected} y tiene {found}. No se usa.',
  'hsm.key-exists': 'El HSM ya tiene una clave {label}. Las claves nunca se sobrescriben.',
  'hsm.public-sample': 'Esta clave está impresa en documentos públicos. La producción no la admite.',
  'hsm.key-length': 'Una clave de grupo tiene de 16 a 64 bytes; esta tiene {found}.',
  'hsm.pin': 'El HSM rechazó el PIN ({reason}). No se intenta otra vez.',
  'hsm.refused': 'El HSM rechazó {what}: {reason}.',
  'hsm.unsupported': 'El HSM no puede hacer {what}.',
  'hsm.unsealable': 'No se pudo abrir un secreto sellado ({what}): se cambió o se selló con otra clave.',
  'ca.unknown': 'Esta estación no tiene la CA intermedia {issuer}.',
  'ca.not-ready': 'La CA intermedia {issuer} no puede firmar: {reason}. Llame al responsable de seguridad.',
  'ca.csr-refused': 'La solicitud de certificado se rechaza: {rule}; se encontró {found}. No se firmó nada.',
  'ca.profile': 'El perfil de certificado no está permitido: {rule}; se encontró {found}.',
  'ca.lint':
    'El certificado incumpliría una regla ({rule}; se encontró {found}). No se firmó nada. Llame al responsable de seguridad.',
  'ca.chain': 'La cadena de certificados se rechaza en {which}: {rule}.',
  'ca.clock':
    'El reloj de la estación no puede estar bien ({reason}). No se firma nada hasta que se ponga en hora; llame al responsable de línea.',
  'ca.key-taken':
    'Ya existe un certificado con esta clave pública, de otra unidad o de su dispositivo. Aparte la unidad.',
  'ca.serial-taken':
    'El generador aleatorio dio un número de serie ya usado. No se firmó nada. Si se repite, llame al responsable de seguridad.',
  'ca.signature-wrong':
    'Lo que firmó el HSM no es lo que se le pidió firmar ({what}). El certificado no se usa. Llame al responsable de seguridad.',
  'ca.quota': 'El cupo de {what} está agotado: {quota} certificados.',
  'ca.no-certificate': 'No hay ningún certificado {certificate} con el que se pueda hacer esto: {what}.',
  'store.none':
    'El almacén {store} no tiene certificado para el identificador de registro {registrationId} ({why}). Importe uno y vuelva a escanear la unidad.',
  'store.empty': 'El almacén {store} no tiene certificado para ninguna unidad de la orden {order}. Impórtelos primero.',
  'unit.in-batch':
    'La unidad {serial} está recibiendo su certificado fuera de la línea. Vuelva a escanearla en un momento.',
  'unit.shipped': 'La unidad {serial} ya salió: {at}.',
  'unit.needs-replacement':
    'La clave de la unidad {serial} ya no se guarda y no se le puede dar otra vez. Un responsable de línea y una segunda persona le dan otra en la pantalla Unidades.',
  'order.first-article':
    'La primera unidad de la receta {recipe}, versión {version}, es {serial}: un responsable de línea la mira y la aprueba en la pantalla Recetas antes de hacer otra.',
  'packing.label':
    'La etiqueta escaneada no es la de la unidad {serial}. Escanee la etiqueta de la unidad que se embala.',
  'packing.no-key':
    'La unidad {serial} no debe salir: su receta exige un TPM y no consta ninguna clave de endoso suya. Apártela para el responsable de línea.',
  'packing.short-lived':
    'La unidad {serial} no debe salir: su certificado vale {days} días y la receta exige {wanted}. Apártela para el responsable de línea.',
  'packing.no-receipt':
    'La unidad {serial} todavía no debe salir: la nube no ha dicho que la conoce. Espere a los envíos y vuelva a escanearla.',
  'packing.shut-out':
    'La unidad {serial} no debe salir: en la nube está bloqueada o retirada. Apártela para el responsable de línea.',
  'unit.scrapped': 'La unidad {serial} se desechó: {at}. No se vuelve a hacer nunca.',
  'unit.chain-differs':
    'El certificado que la unidad relee no es el que se escribió. Vuelva a escanearla; si se repite, apártela.',
  'cloud.unreachable': 'No se puede llegar a la nube ({reason}). No se pierde nada: los envíos esperan y siguen solos.',
  'cloud.throttled': 'La nube pide esperar {seconds} s.',
  'cloud.failed': 'La nube respondió {status}. Los envíos siguen solos.',
  'cloud.refused': 'La nube rechazó la estación ({status}). {advice} Los envíos esperan a una persona.',
  'cloud.rejected': 'La nube rechazó esta entrada ({status}, {reason}). Espera a una persona.',
  'cloud.malformed': 'La nube envió algo que no es una respuesta ({what}). Cuenta como no hecho.',
  'cloud.different':
    'La nube ya tiene otra entrada con este identificador ({what}). Nunca se sobrescribe; decide una persona.',
  'cloud.no-group': 'El grupo de inscripción {group} no está en la nube. Su dueño debe crearlo.',
  'cloud.by-hand': '{target} no acepta desde aquí: {what}. Hágalo allí a mano; la entrada espera a una persona.',
  'cloud.private-key': 'Un envío contenía una clave privada y se detuvo. Llame al responsable de seguridad.',
  'cloud.too-large':
    'Lo que hay que enviar tiene {bytes} bytes y el servicio acepta {most}. La receta pide demasiado en su inscripción.',
  'cloud.key-in-body':
    'Un envío contenía una clave o una cadena de conexión donde no corresponde y se detuvo. Llame al responsable de seguridad.',
  'cloud.not-configured': 'Esta estación no tiene conexión con la nube ({what}). Añádala a station.json.',
  'webhook.unreachable': 'No se llega al webhook {name} ({reason}). Sus mensajes esperan y siguen solos.',
  'webhook.failed':
    'El webhook {name} respondió {status}. El mensaje se envía de nuevo por sí solo y al final espera a una persona.',
  'sync.not-parked': 'La fila {row} no espera a una persona (o ya no).',
  'sync.not-replaceable': 'La fila {row} no espera por otra entrada con su identificador: reinténtela o descártela.',
  'sync.changed':
    'La otra entrada de la fila {row} ya no es la que usted miró. Mírela otra vez: birthmark sync parked.',
  'group.unknown': 'Ninguna orden de esta estación tiene unidades del grupo de inscripción {group}.',
  'unit.unmade': 'La unidad {serial} aún no tiene identificador de registro: la nube no la conoce.',
  'folder.failed':
    'No se puede escribir en la carpeta {folder} ({reason}). No se pierde nada: libere el disco o devuelva el permiso; sigue solo.',
  'folder.changed':
    'El archivo {file} ya no dice lo que se escribió en él. No se sobrescribe; compárelo y llame al responsable de línea.',
  'folder.key':
    'La clave de una unidad no se escribe en ningún archivo. Use el destino dps o llévela en un paquete: birthmark sync bundle.',
  'bundle.no-applier':
    'Aquí no hay ningún aplicador fijado para el que hacer un paquete: birthmark sync pin-applier. Dos personas.',
  'bundle.fingerprint':
    'Las claves de {file} tienen otra huella que la que se tecleó: se cambiaron o se tecleó mal. No se fijó nada.',
  'bundle.nothing': 'No espera ninguna fila que pueda ir en un paquete.',
  'bundle.busy': 'Se está haciendo un paquete ahora. Espere a que acabe.',
  'bundle.unknown': 'Esta estación no tiene ningún paquete abierto {sequence}.',
  'bundle.forged':
    'Esto ({what}) no está firmado por {whom}: se cambió o viene de otra persona. No se hizo nada con ello.',
  'bundle.foreign': 'Esto ({what}) es para {whom}. No se hizo nada con ello.',
  'bundle.unknown-station':
    'Aquí no se confía en la estación {station}. Consiga su archivo público y, por otra vía, su huella: birthmark applier trust.',
  'bundle.trusted-otherwise':
    'Aquí se confía en otra clave para la estación {station}. Las claves nunca cambian; llame al responsable de seguridad.',
  'bundle.expired': 'El paquete {sequence} caducó ({at}). No se envió nada de él; haga uno nuevo en la estación.',
  'bundle.replayed':
    'El paquete {sequence} de {station} no es más nuevo que el paquete {last}, ya aceptado, y es otro. No se hizo nada con él.',
  'bundle.gap':
    'El paquete {sequence} de {station} sigue al paquete {previous} y el último aceptado aquí es el {last}. Traiga primero el que falta; si se perdió del todo, indique --accept-gap.',
  'bundle.older-head':
    'El paquete {sequence} de {station} viene de una copia más antigua de la estación: su registro de auditoría tenía {last} asientos y ahora tiene {size} u otros. No se hizo nada con él; llame al responsable de seguridad.',
  'bundle.no-applier-folder': 'No hay ningún aplicador en {folder}: birthmark applier init.',
  'receipts.unknown': 'Estos recibos no son de ningún paquete de esta estación. No se hizo nada con ellos.',
  'receipts.stale':
    'Estos recibos del paquete {sequence} son el número {number} y el número {last} ya se aceptó. No se hizo nada con ellos.',
  'receipts.partial':
    'Estos recibos del paquete {sequence} hablan de {found} filas y no de las {expected} que tiene. No se hizo nada con ellos.',
  'privacy.unknown': 'Los registros no conocen nada con este nombre ({what}): nunca estuvo aquí o se borró.',
  'privacy.held':
    'La retención legal {hold} conserva estos registros. Antes deben terminarla dos personas: birthmark privacy release {hold}.',
  'privacy.no-hold': 'No hay ninguna retención legal {hold} en vigor.',
  'privacy.waits':
    '{rows} filas de la unidad esperan a la nube. Envíelas (birthmark sync run) o reintente o descarte las que esperan a una persona; después borre la unidad.',
  'privacy.working': 'La persona está haciendo una unidad ahora. Espere el resultado y bórrela después.',
  'privacy.only-one':
    'Es la única persona que puede iniciar sesión como {role}: nadie más podría hacer este trabajo. Añada antes a otra.',
  'privacy.still-read':
    'Está borrado, pero quedan páginas antiguas en station.db-wal porque otro programa lee la base de datos. Termínelo (audit verify, fsck, backup); la estación lo intenta cada hora y en su próximo inicio.',
  'backup.exists': 'Ya hay algo en {folder}. Una copia de seguridad es una carpeta nueva: elija otro nombre.',
  'backup.busy': 'Ya se está creando una copia de seguridad. Espere.',
  'backup.failed':
    'La copia de seguridad no se pudo escribir en {folder} ({reason}). Libere el medio o tome otro y hágala de nuevo.',
  'backup.damaged':
    'La copia de seguridad no es válida: {file}: {reason}. Tome otra; si se acaba de hacer, ejecute birthmark fsck y llame al responsable de línea.',
  'backup.expired':
    'La copia de seguridad caducó ({at}): volvería lo que se borró antes y sigue en ella. Tome una más nueva; si no hay, indique --expired.',
  'backup.not-empty':
    'La carpeta {folder} no está vacía. Elija otra nueva o indique --replace: lo que hay se conserva aparte.',
  'station.held': 'Otro proceso de estación ({holder}) ya tiene esta carpeta.',
  'station.no-folder': 'No hay ninguna estación en {folder}.',
  'station.config': 'station.json, {place}: se esperaba {expected} y se encontró {found}.',
  'station.mode': 'No está permitido en modo {mode}: {what}.',
  'station.stopping': 'La estación se está deteniendo. Iníciela de nuevo y vuelva a escanear la unidad.',
  'station.altered':
    'El programa no está como se entregó ({file}), por lo que no fabrica unidades. Instálelo de nuevo y avise a quien se ocupa de este equipo.',
  'store.failed':
    'La estación no pudo escribir su registro ({reason}). Nada sale sin registro; libere el disco o llame al responsable de línea.',
  'audit.too-long':
    'El asiento {action} del registro de auditoría tendría {bytes} bytes, más de lo permitido. No se hizo nada; llame al responsable de línea.',
  'store.damaged': 'El registro {what} está dañado: {reason}.',
  'audit.damaged':
    'El registro de auditoría está dañado ({place}: {reason}). No se hace ni se firma nada. Llame al responsable de seguridad y a un auditor.',
  'audit.older':
    'Esta estación es más antigua que {anchor}, que conoce una cabecera de {size} asientos (aquí hay {here}): se repuso una copia antigua de su base de datos. Puestos, certificados y listas están detenidos. Reponga la base de datos más nueva; si se perdió, dos personas concilian: birthmark audit reconcile --size {size} --root {root}.',
  'audit.forked':
    'El registro de auditoría de esta estación es otro que el que {anchor} conoce con {size} asientos (aquí hay {here}). Puestos, certificados y listas están detenidos. Busque la base de datos correcta; si no la hay, dos personas concilian: birthmark audit reconcile --size {size} --root {root}.',
  'audit.not-stopped':
    'El registro de auditoría no está detenido por una cabecera de {size} asientos con esta raíz. Mire otra vez por qué está detenido: birthmark audit anchors.',
  'audit.no-entry': 'El registro de auditoría no tiene el asiento {seq}: tiene {entries}, contados desde el 0.',
  'audit.unsigned':
    'La cabecera del registro de auditoría no se pudo firmar. Compruebe que el HSM está listo y que el registro no está detenido y repita.',
  'audit.not-written':
    'La exportación no se pudo escribir en {folder} ({reason}). Libere el disco o dé permiso de escritura allí y repita.',
  'rpc.closed': 'Se perdió la conexión con la estación. Vuelve sola.',
  'rpc.deadline': 'La estación no respondió en {ms} ms.',
  internal:
    'Algo imprevisto salió mal (incidente {incident}). El registro tiene los detalles; llame al responsable de línea.',
};
