import type { ErrorCode } from '../../../station-core/contract/errors.ts';

/** The sentences of station-core/contract/errors.ts in German. */
export const errors: Readonly<Record<ErrorCode, string>> = {
  'unit.silent': 'Die Einheit antwortet nicht ({what}). Stromversorgung und Sitz prüfen, dann erneut scannen.',
  'unit.garbled':
    'Die Einheit hat etwas gesendet, das nicht zum Protokoll gehört ({what}). Neu einsetzen und erneut scannen.',
  'unit.serial-mismatch':
    'Das Etikett sagt {serial}, die Einheit sagt {foundSerial}. Einheit aussondern: Etikett und Einheit gehören nicht zusammen.',
  'unit.mac-mismatch': 'Der Auftrag sagt MAC {mac}, die Einheit sagt {foundMac}. Einheit aussondern.',
  'unit.version':
    'Die Einheit spricht Protokollversion {found}, diese Station {expected}. Firmware oder Station aktualisieren.',
  'unit.cannot': 'Der Einheit fehlt eine Fähigkeit, die das Rezept braucht: {what}.',
  'unit.refused': 'Die Einheit hat {what} abgelehnt: {reason}.',
  'unit.other-credential':
    'Die Einheit trägt bereits andere Zugangsdaten. Aussondern; die Linienleitung entscheidet über Nacharbeit.',
  'unit.proof-wrong':
    'Die Einheit konnte ihre Zugangsdaten nicht beweisen. Erneut scannen; wiederholt es sich, aussondern.',
  'unit.certificate-refused': 'Das mitgebrachte Zertifikat der Einheit wird abgelehnt: {rule}. Einheit aussondern.',
  'unit.not-programmed':
    'Nicht programmiert ({name}, Exit-Code {code}): {said}. Neu einsetzen und erneut scannen; wiederholt es sich, aussondern.',
  'tpm.missing': 'Die Einheit hat kein TPM, das antwortet ({what}). Neu einsetzen; wiederholt es sich, aussondern.',
  'tpm.version': 'Die Einheit hat ein TPM {found}; DPS braucht TPM 2.0 (F-90). Einheit aussondern.',
  'tpm.failure-mode': 'Das TPM der Einheit ist im Fehlermodus: Sein Selbsttest ist fehlgeschlagen. Einheit aussondern.',
  'tpm.lockout':
    'Das TPM der Einheit ist nach falschen Autorisierungen gesperrt. Unter Strom lassen, bis die Sperre endet, dann erneut scannen.',
  'tpm.auth':
    'Das TPM der Einheit hat die Autorisierung von {what} abgelehnt. Das im Rezept genannte Geheimnis prüfen; falsche sperren ein TPM.',
  'tpm.refused': 'Das TPM der Einheit hat {command} abgelehnt: {code}. Erneut scannen; wiederholt es sich, aussondern.',
  'tpm.garbled':
    'Das TPM der Einheit hat {command} mit etwas beantwortet, das keine Antwort ist ({place}: erwartet {expected}). Erneut scannen.',
  'tpm.key-refused': '{what} der Einheit entspricht nicht der Vorgabe: {rule}. Einheit aussondern.',
  'tpm.name-differs':
    'Das TPM der Einheit nennt für {what} einen anderen Namen, als aus dem öffentlichen Teil folgt. Einheit aussondern: Das ist kein echtes TPM.',
  'tpm.not-activated':
    'Das TPM der Einheit konnte die Prüfaufgabe nicht öffnen: Der gezeigte Endorsement Key ist nicht sein eigener. Einheit aussondern.',
  'ek.certificate-missing':
    'Das TPM der Einheit hat kein Zertifikat für seinen Endorsement Key. Einheit aussondern oder die Linienleitung nach der Liste des TPM-Herstellers fragen.',
  'ek.certificate-unreadable':
    'Das Zertifikat des Endorsement Key ist nicht lesbar ({place}: erwartet {expected}). Einheit aussondern.',
  'ek.certificate-expired':
    'Das Zertifikat des Endorsement Key ist zu dieser Zeit nicht gültig ({rule}). Uhr prüfen; Einheit aussondern.',
  'ek.certificate-self-signed':
    'Das Zertifikat des Endorsement Key ist nur von sich selbst signiert. Einheit aussondern: Das ist kein TPM eines Herstellers.',
  'ek.certificate-other-key':
    'Das Zertifikat gilt für einen anderen Endorsement Key, als die Einheit zeigt. Einheit aussondern.',
  'ek.certificate-usage': 'Das Zertifikat ist keines für einen Endorsement Key: {rule}. Einheit aussondern.',
  'ek.certificate-chain': 'Das Zertifikat des Endorsement Key wird bei {which} abgelehnt: {rule}. Einheit aussondern.',
  'ek.root-unknown':
    'Das Zertifikat des Endorsement Key führt zu keiner Wurzel, die das Rezept nennt ({issuer}). Einheit aussondern; über neue TPM-Hersteller entscheiden Sicherheitsbeauftragte.',
  'ek.software':
    'Die Einheit hat ein Software-TPM ({what}). Die Produktion nimmt nur echte (F-101). Einheit aussondern.',
  'ek.not-genuine-enough': 'Das Rezept verlangt nur {found}; die Produktion verlangt {expected} von jedem TPM.',
  'ek.taken':
    'Die Einheiten {serial} und {other} haben denselben Endorsement Key. Beide aussondern und die Linienleitung rufen: Der Platz hält an.',
  'ek.changed':
    'Die Einheit {serial} wurde früher mit einem anderen Endorsement Key gesehen. Ein neues TPM macht sie zu einem neuen Gerät: verschrotten oder aussondern (F-98). Der Platz hält an.',
  'ek.public-sample':
    'Der Endorsement Key der Einheit steht in öffentlichen Dokumenten. Die Produktion nimmt ihn nicht an. Einheit aussondern.',
  'ek.not-listed':
    'Der Endorsement Key steht nicht in der Liste {list} des TPM-Herstellers. Einheit aussondern: Der Platz hält an (F-102).',
  'ek.other-id':
    'Die Liste {list} hat diesen Endorsement Key unter einer anderen Registrierungs-ID als {registrationId} registriert. Die Linienleitung entscheidet, welche gilt.',
  'unit.mac-taken':
    'Die Einheiten {serial} und {other} nennen dieselbe MAC. Beide aussondern und die Linienleitung rufen: Der Platz hält an.',
  'lane.stopped': 'Platz {lane} ist angehalten. {reason}',
  'console.no-prompt':
    'Die Konsole der Einheit zeigt in {seconds} s nicht: {what}. Prüfen, ob die Einheit gestartet ist und die Baudrate stimmt, dann erneut scannen.',
  'console.login-refused':
    'Die Konsole der Einheit hat die Anmeldung {login} abgelehnt. Das im Rezept genannte Geheimnis prüfen.',
  'console.tool-missing': 'Der Einheit fehlt {tool}. Ihr Software-Abbild muss tpm2-tools enthalten.',
  'console.failed':
    'Die Einheit konnte {what} auf ihrer Konsole nicht ausführen (Exit-Code {code}). Erneut scannen; wiederholt es sich, aussondern.',
  'console.garbled': 'Die Konsole der Einheit hat {what} mit etwas beantwortet, das keine Antwort ist. Erneut scannen.',
  'console.file-differs':
    'Die Datei {path}, die die Einheit zurückliest, ist nicht die geschriebene. Erneut scannen; wiederholt es sich, aussondern.',
  'programmer.unknown':
    'Das Rezept nennt das Programmierwerkzeug {name}, das diese Station nicht hat. In station.json eintragen oder ein anderes Rezept nehmen.',
  'programmer.changed':
    'Die Datei des Programmierwerkzeugs {name} ist nicht die, die station.json festlegt (SHA-256 {found}). Sie wurde nicht gestartet. Die festgelegte Version zurückholen oder die neue festlegen.',
  'programmer.not-started': 'Das Programmierwerkzeug {name} ließ sich nicht starten: {reason}.',
  'programmer.broke':
    'Das Programmierwerkzeug {name} brach ab ({ended}): {said}. Gerät und Kabel prüfen, dann die Einheit erneut scannen.',
  'programmer.late':
    'Das Programmierwerkzeug {name} endete nicht binnen {seconds} s: {said}. Gerät und Kabel prüfen, dann die Einheit erneut scannen.',
  'secret.unknown':
    'Die Station hat kein Geheimnis {name}. Sicherheitsbeauftragte setzen es: birthmark secret set --name {name}.',
  'link.missing': 'Der Anschluss {port} von Platz {lane} ist nicht da. Aufnahme einstecken.',
  'link.lost': 'Die Verbindung zur Einheit ging verloren ({port}). Kabel prüfen, dann die Einheit erneut scannen.',
  'link.refused': 'Der Anschluss {port} ließ sich nicht öffnen: {reason}. Das Programm schließen, das ihn benutzt.',
  'person.unknown': 'Name oder PIN ist falsch. Erneut versuchen.',
  'person.locked':
    'Dieser Name ist nach zu vielen falschen PINs gesperrt. Linienleitung oder Sicherheitsbeauftragte rufen: Sie entsperren ihn.',
  'person.choose-pin': 'Das ist ein Einmalcode. Jetzt eine eigene PIN wählen.',
  'person.code-ended':
    'Der Einmalcode gilt nicht mehr. Linienleitung und Sicherheitsbeauftragte um einen neuen bitten.',
  'person.pin-weak':
    'Diese PIN wird nicht angenommen. Eine mit 6 oder mehr Zeichen wählen: nicht alle gleich, keine Reihe wie 123456, weder der eigene Name noch die vorige PIN.',
  'person.nobody': 'Diesen Namen trägt hier niemand. Die Liste der Personen ansehen und erneut wählen.',
  'person.left': 'Diese Person ist ausgeschieden. Ist sie zurück, sie neu hinzufügen.',
  'person.last':
    'Das ist die letzte Person mit der Rolle {role}, die sich anmelden kann. Zuerst eine weitere hinzufügen, dann erneut versuchen.',
  'person.badge-taken': 'Dieser Ausweis nennt schon jemand anderen. Einen anderen Ausweis nehmen.',
  'person.others-agree':
    'Hier gibt es zwei Personen, die dem zustimmen können. Sie tun es: birthmark people reset --as NAME --second NAME.',
  'person.not-signed-in': 'Hier ist niemand angemeldet. Zuerst anmelden.',
  'person.not-allowed': 'Die Rolle {role} darf das nicht ({method}); nötig ist eine von: {allowed}.',
  'person.second-needed': 'Das braucht eine zweite Person ({allowed}), die genau diesem Vorgang zustimmt.',
  'person.approval-wrong':
    'Die Zustimmung gilt einem anderen Vorgang, ist schon verbraucht oder kommt von derselben Person.',
  'person.none': 'Hier gibt es niemanden mehr mit der Rolle {role}. Jemanden hinzufügen: birthmark people add.',
  'person.taken': 'Diesen Namen trägt hier schon jemand.',
  'input.invalid': '{place}: erwartet {expected}, gefunden {found}.',
  'input.unknown-call': 'Den Aufruf {method} gibt es nicht.',
  'identity.invalid': 'Die Registrierungs-ID {registrationId} ist nicht erlaubt: {rule}.',
  'identity.taken': 'Die Registrierungs-ID {registrationId} gehört bereits einer anderen Einheit.',
  'identity.erased':
    '{what} gehört zu einer Einheit, deren Aufzeichnung gelöscht wurde, und wird nie wieder benutzt. Einheit aussondern und Sicherheitsbeauftragte fragen.',
  'order.unknown': 'Den Auftrag {order} gibt es nicht.',
  'order.full': 'Der Auftrag {order} ist vollständig: {quantity} Einheiten sind gefertigt.',
  'order.closed': 'Der Auftrag {order} ist geschlossen.',
  'order.file-refused':
    'In der Datei {file} stimmt etwas nicht: {problems} Stellen, die erste in Zeile {line}. Nichts wurde angelegt. Datei berichtigen und erneut einlesen.',
  'order.file-unreadable':
    'Die Datei {file} lässt sich nicht als Text lesen (UTF-8, höchstens 10 MB). Als CSV in UTF-8 speichern und erneut wählen.',
  'recipe.unknown': 'Dieses Rezept kennt die Station nicht. Ein anderes wählen, oder die Datei, in der es steht.',
  'order.not-armed':
    'Der Auftrag {order} ist nicht freigegeben: Sein Schlüssel wurde noch nicht mit der Cloud verglichen, und die Linienleitung hat das nicht übernommen. Linienleitung fragen.',
  'order.key-differs':
    'Der Schlüssel {label} dieser Station ist nicht der Schlüssel der Gruppe {group} in der Cloud. Keine Einheit darf damit gefertigt werden.',
  'order.not-comparable':
    'Was {target} zum Auftrag {order} hat, ist von hier nicht lesbar. Dort vergleichen, dann den Auftrag mit --accept freigeben.',
  'unit.unknown': 'Kein offener Auftrag hat eine Einheit {serial}. Etikett oder Auftrag prüfen.',
  'unit.ambiguous': 'Mehrere offene Aufträge haben eine Einheit {serial}; den Auftrag wählen.',
  'export.no-entries':
    'Das Prüfprotokoll hat noch keinen Eintrag zur Einheit {serial}: Sie lief noch nie. Seriennummer und Auftrag prüfen.',
  'unit.finished': 'Die Einheit {serial} wurde bereits fertiggestellt: {at}.',
  'unit.busy': 'Die Einheit {serial} wird gerade auf Platz {lane} gefertigt.',
  'label.unknown-template':
    'Diese Station hat keine Etikettenvorlage {template}. Das Rezept berichtigen oder die Vorlage in station.json eintragen.',
  'label.no-printer':
    'Für dieses Etikett gibt es keinen Drucker: {what}. Die Drucker in station.json berichtigen oder einen anderen nennen.',
  'label.none': 'Das Rezept von {serial} hat kein Etikett.',
  'label.not-passed': '{serial} bekommt kein Etikett: Sie hat nicht bestanden.',
  'label.cannot': 'Das Etikett lässt sich nicht herstellen: {what}: {reason}. Vorlage oder Auftrag berichtigen.',
  'printer.gone': 'Der Drucker {printer} ist nicht erreichbar. Strom und Kabel prüfen; Etiketten warten auf ihn.',
  'printer.refused': 'Der Drucker {printer} ließ sich nicht benutzen: {reason}. Etiketten warten auf ihn.',
  'printer.silent':
    'Der Drucker {printer} sagt nicht, wie es ihm geht. Aus- und einschalten; tut er es nie, in station.json status: false setzen.',
  'printer.paper-out':
    'Der Drucker {printer} hat keine Etiketten mehr. Eine neue Rolle einlegen; was wartet, wird von selbst gedruckt.',
  'printer.head-open':
    'Der Drucker {printer} ist offen. Den Druckkopf schließen; was wartet, wird von selbst gedruckt.',
  'printer.not-ready': 'Der Drucker {printer} druckt nicht: {reason}. Etiketten warten auf ihn.',
  'lane.unknown': 'Diese Station hat keinen Platz {lane}.',
  'lane.busy': 'Platz {lane} arbeitet noch. Auf sein Ergebnis warten.',
  'scan.unreadable':
    'Was vom Scanner kam, ist kein lesbares Etikett. Erneut scannen; wiederholt es sich, das Etikett neu drucken.',
  'scan.no-serial':
    'Das Etikett nennt keine eindeutige Seriennummer (GS1 AI 21). Das Etikett mit der Seriennummer der Einheit scannen.',
  'scan.checksum':
    'Das Prüfzeichen von {serial} ist falsch: falsch gelesen oder getippt. Erneut scannen; wiederholt es sich, das Etikett neu drucken.',
  'scan.unknown-command': 'Den Befehl {code} gibt es nicht. Einen der Befehls-Barcodes dieser Version scannen.',
  'scanner.gone': 'Scanner {scanner} ist nicht da. Einstecken; er wird von selbst wieder benutzt.',
  'light.unreachable':
    'Signalleuchte {light} lässt sich nicht stellen ({reason}). Die Plätze arbeiten weiter; es wird von selbst erneut versucht.',
  'scanner.refused':
    'Scanner {scanner} ließ sich nicht öffnen: {reason}. Das Programm schließen, das ihn benutzt; es wird von selbst erneut versucht.',
  'lane.armed': 'Auf die Einheit {serial} wartet Platz {lane}. Dort einstecken oder diesen Platz entschärfen.',
  'lane.starts-by-scan': 'Platz {lane} startet mit dem Scan, nicht mit dem Einstecken einer Einheit.',
  'run.unknown': 'Den Lauf {run} gibt es nicht.',
  'run.aborted': 'Der Lauf wurde abgebrochen von: {who}.',
  'run.interrupted': 'Die Station hielt an, während diese Einheit gefertigt wurde. Die Einheit erneut scannen.',
  'run.empty': 'Der Plan für diese Einheit hat keinen Schritt; es würde nichts bewiesen.',
  'recipe.not-approved':
    'Das Rezept {recipe} ist nicht in Kraft: Linienleitung und Sicherheitsbeauftragte müssen es zuerst genehmigen.',
  'recipe.unsupported': 'Diese Station kann das Rezept nicht ausführen: {what}.',
  'recipe.version-taken':
    'Es gibt bereits ein anderes Rezept {recipe} der Version {version}. Diesem die nächste Version geben.',
  'setup.first':
    'Diese Station ist noch nicht eingerichtet, daher geht {method} nicht. Zuerst die Einrichtung abschließen.',
  'setup.done': 'Diese Station ist bereits eingerichtet. Die Seite neu laden, um sie zu sehen.',
  'setup.busy': 'Die Station wird gerade angelegt. Darauf warten.',
  'setup.no-pin': 'Das HSM wurde für dieses Token nicht entsperrt. Das Token wählen und seine PIN eingeben.',
  'settings.units': 'Platz {lane} fertigt gerade eine Einheit. Sein Urteil abwarten, dann die Station neu starten.',
  'settings.same-port':
    '{one} und {other} sind zwei Namen eines Anschlusses. Jedem Platz und jedem Scanner einen eigenen Anschluss geben.',
  'settings.no-restart':
    'Diese Station wurde durch einen Befehl gestartet. Dort anhalten und neu starten: birthmark serve.',
  'settings.failed':
    'Die Einstellungen ließen sich nicht schreiben ({reason}). Nichts hat sich geändert. Platz schaffen oder das Schreibrecht geben, dann erneut speichern.',
  'hsm.locked': 'Das HSM ist gesperrt. Sicherheitsbeauftragte müssen es entsperren.',
  'hsm.down': 'Das HSM antwortet nicht ({what}). Die Plätze warten; Sicherheitsbeauftragte rufen.',
  'hsm.ambiguous':
    'Die Antwort des HSM auf eine Signatur ging verloren ({what}). Sie zählt als möglicherweise ausgestellt. Einheit erneut scannen; wiederholt es sich, Sicherheitsbeauftragte rufen.',
  'hsm.not-unwrapped':
    'Der verpackte Schlüssel {label} lässt sich nicht öffnen: Er wurde verändert oder mit einem anderen Schlüssel oder auf andere Weise verpackt.',
  'hsm.key-missing': 'Das HSM hat keinen Schlüssel {label}. Sicherheitsbeauftragte rufen.',
  'hsm.key-ambiguous': 'Das HSM hat mehrere Schlüssel {label}. Sicherheitsbeauftragte rufen.',
  'hsm.key-differs':
    'Der HSM-Schlüssel {label} ist nicht der eingerichtete (sein Prüfwert weicht ab). Sicherheitsbeauftragte rufen.',
  'hsm.key-attribute':
    'Der HSM-Schlüssel {label} muss {attribute} = {expected} haben, er hat {found}. Er wird nicht benutzt.',
  'hsm.key-exists': 'Das HSM hat bereits einen Schlüssel {label}. Schlüssel werden nie überschrieben.',
  'hsm.public-sample': 'Dieser Schlüssel steht in öffentlichen Dokumenten. Die Produktion nimmt ihn nicht an.',
  'hsm.key-length': 'Ein Gruppenschlüssel hat 16 bis 64 Bytes; dieser hat {found}.',
  'hsm.pin': 'Das HSM hat die PIN abgelehnt ({reason}). Sie wird nicht noch einmal versucht.',
  'hsm.refused': 'Das HSM hat {what} abgelehnt: {reason}.',
  'hsm.unsupported': 'Das HSM kann {what} nicht.',
  'hsm.unsealable':
    'Ein versiegeltes Geheimnis ließ sich nicht öffnen ({what}): Es wurde verändert oder mit einem anderen Schlüssel versiegelt.',
  'ca.unknown': 'Diese Station hat keine Zwischen-CA {issuer}.',
  'ca.not-ready': 'Die Zwischen-CA {issuer} kann nicht signieren: {reason}. Sicherheitsbeauftragte rufen.',
  'ca.csr-refused': 'Die Zertifikatsanforderung wird abgelehnt: {rule}; gefunden {found}. Nichts wurde signiert.',
  'ca.profile': 'Das Zertifikatsprofil ist nicht erlaubt: {rule}; gefunden {found}.',
  'ca.lint':
    'Das Zertifikat würde eine Regel brechen ({rule}; gefunden {found}). Nichts wurde signiert. Sicherheitsbeauftragte rufen.',
  'ca.chain': 'Die Zertifikatskette wird bei {which} abgelehnt: {rule}.',
  'ca.clock':
    'Die Uhr der Station kann nicht stimmen ({reason}). Nichts wird signiert, bis sie gestellt ist; Linienleitung rufen.',
  'ca.key-taken':
    'Zu diesem öffentlichen Schlüssel gibt es bereits ein Zertifikat, für eine andere Einheit oder ihr Gerät. Einheit aussondern.',
  'ca.serial-taken':
    'Der Zufallsgenerator lieferte eine schon benutzte Seriennummer. Nichts wurde signiert. Wiederholt es sich, Sicherheitsbeauftragte rufen.',
  'ca.signature-wrong':
    'Was das HSM signiert hat, ist nicht, was es signieren sollte ({what}). Das Zertifikat wird nicht benutzt. Sicherheitsbeauftragte rufen.',
  'ca.quota': 'Das Kontingent von {what} ist verbraucht: {quota} Zertifikate.',
  'ca.no-certificate': 'Es gibt kein Zertifikat {certificate}, mit dem das ginge: {what}.',
  'store.none':
    'Der Vorrat {store} hat kein Zertifikat für die Registrierungs-ID {registrationId} ({why}). Eines importieren, dann die Einheit erneut scannen.',
  'store.empty': 'Der Vorrat {store} hat für keine Einheit des Auftrags {order} ein Zertifikat. Zuerst importieren.',
  'unit.in-batch':
    'Die Einheit {serial} bekommt ihr Zertifikat gerade außerhalb der Linie. Gleich noch einmal scannen.',
  'unit.shipped': 'Die Einheit {serial} wurde ausgeliefert: {at}.',
  'unit.needs-replacement':
    'Der Schlüssel der Einheit {serial} wird nicht mehr aufbewahrt und kann nicht noch einmal gegeben werden. Linienleitung und eine zweite Person geben ihr im Bildschirm Einheiten einen anderen.',
  'order.first-article':
    'Die erste Einheit des Rezepts {recipe}, Version {version}, ist {serial}: Die Linienleitung sieht sie an und gibt sie im Bildschirm Rezepte frei, bevor eine weitere gefertigt wird.',
  'packing.label':
    'Das gescannte Etikett ist nicht das der Einheit {serial}. Das Etikett der Einheit scannen, die verpackt wird.',
  'packing.no-key':
    'Die Einheit {serial} darf nicht hinaus: Ihr Rezept verlangt ein TPM, und von ihr ist kein Endorsement Key verzeichnet. Für die Linienleitung aussondern.',
  'packing.short-lived':
    'Die Einheit {serial} darf nicht hinaus: Ihr Zertifikat gilt noch {days} Tage, das Rezept verlangt {wanted}. Für die Linienleitung aussondern.',
  'packing.no-receipt':
    'Die Einheit {serial} darf noch nicht hinaus: Die Cloud hat nicht gesagt, dass sie sie kennt. Die Übertragungen abwarten, dann erneut scannen.',
  'packing.shut-out':
    'Die Einheit {serial} darf nicht hinaus: In der Cloud ist sie gesperrt oder ausgetragen. Für die Linienleitung aussondern.',
  'unit.scrapped': 'Die Einheit {serial} wurde verschrottet: {at}. Sie wird nie wieder gefertigt.',
  'unit.chain-differs':
    'Das Zertifikat, das die Einheit zurückliest, ist nicht das geschriebene. Erneut scannen; wiederholt es sich, aussondern.',
  'cloud.unreachable':
    'Die Cloud ist nicht erreichbar ({reason}). Nichts geht verloren: Übertragungen warten und gehen von selbst weiter.',
  'cloud.throttled': 'Die Cloud bittet um {seconds} s Wartezeit.',
  'cloud.failed': 'Die Cloud hat mit {status} geantwortet. Übertragungen gehen von selbst weiter.',
  'cloud.refused': 'Die Cloud hat die Station abgewiesen ({status}). {advice} Übertragungen warten auf eine Person.',
  'cloud.rejected': 'Die Cloud hat diesen Eintrag abgelehnt ({status}, {reason}). Er wartet auf eine Person.',
  'cloud.malformed': 'Die Cloud hat eine Antwort gesendet, die keine ist ({what}). Sie zählt als nicht erledigt.',
  'cloud.different':
    'Die Cloud hat unter dieser ID bereits einen anderen Eintrag ({what}). Er wird nie überschrieben; eine Person entscheidet.',
  'cloud.no-group': 'Die Registrierungsgruppe {group} ist nicht in der Cloud. Wer sie besitzt, muss sie anlegen.',
  'cloud.by-hand':
    '{target} nimmt von hier nicht an: {what}. Dort von Hand erledigen; der Eintrag wartet auf eine Person.',
  'cloud.private-key':
    'Eine Übertragung enthielt einen privaten Schlüssel und wurde angehalten. Sicherheitsbeauftragte rufen.',
  'cloud.too-large':
    'Zu senden sind {bytes} Bytes, der Dienst nimmt {most}. Das Rezept verlangt zu viel in seiner Registrierung.',
  'cloud.key-in-body':
    'Eine Übertragung enthielt einen Schlüssel oder eine Verbindungszeichenfolge, wo keine hingehört, und wurde angehalten. Sicherheitsbeauftragte rufen.',
  'cloud.not-configured': 'Diese Station hat keine Cloud-Verbindung ({what}). In station.json eintragen.',
  'webhook.unreachable':
    'Der Webhook {name} ist nicht erreichbar ({reason}). Seine Nachrichten warten und gehen von selbst weiter.',
  'webhook.failed':
    'Der Webhook {name} antwortete mit {status}. Die Nachricht wird von selbst erneut gesendet und wartet am Ende auf eine Person.',
  'sync.not-parked': 'Zeile {row} wartet nicht (mehr) auf eine Person.',
  'sync.not-replaceable':
    'Zeile {row} wartet nicht wegen eines anderen Eintrags unter ihrer ID: wiederholen oder verwerfen.',
  'sync.changed':
    'Der andere Eintrag von Zeile {row} ist nicht mehr der angesehene. Erneut ansehen: birthmark sync parked.',
  'group.unknown': 'Kein Auftrag dieser Station hat Einheiten der Registrierungsgruppe {group}.',
  'unit.unmade': 'Die Einheit {serial} hat noch keine Registrierungs-ID: Die Cloud kennt sie nicht.',
  'folder.failed':
    'Der Ordner {folder} ist nicht beschreibbar ({reason}). Nichts geht verloren: Platz schaffen oder das Schreibrecht zurückgeben; es geht von selbst weiter.',
  'folder.changed':
    'Die Datei {file} sagt nicht mehr, was hineingeschrieben wurde. Sie wird nicht überschrieben; vergleichen, dann die Linienleitung rufen.',
  'folder.key':
    'Der Schlüssel einer Einheit wird in keine Datei geschrieben. Das Ziel dps verwenden oder ihn im Bündel tragen: birthmark sync bundle.',
  'bundle.no-applier':
    'Hier ist kein Applier festgelegt, für den ein Bündel gemacht werden könnte: birthmark sync pin-applier. Zwei Personen.',
  'bundle.fingerprint':
    'Die Schlüssel in {file} haben einen anderen Fingerabdruck als den eingetippten: vertauscht oder vertippt. Nichts wurde festgelegt.',
  'bundle.nothing': 'Keine Zeile wartet, die in ein Bündel könnte.',
  'bundle.busy': 'Gerade wird ein Bündel gemacht. Darauf warten.',
  'bundle.unknown': 'Diese Station hat kein offenes Bündel {sequence}.',
  'bundle.forged': '{what} ist nicht von {whom} signiert: verändert oder von jemand anderem. Nichts wurde damit getan.',
  'bundle.foreign': '{what} ist für {whom}. Nichts wurde damit getan.',
  'bundle.unknown-station':
    'Der Station {station} wird hier nicht vertraut. Ihre öffentliche Datei holen und auf anderem Weg ihren Fingerabdruck: birthmark applier trust.',
  'bundle.trusted-otherwise':
    'Für die Station {station} wird hier einem anderen Schlüssel vertraut. Schlüssel ändern sich nie; Sicherheitsbeauftragte rufen.',
  'bundle.expired':
    'Das Bündel {sequence} ist abgelaufen ({at}). Nichts daraus wurde gesendet; an der Station ein neues machen.',
  'bundle.replayed':
    'Das Bündel {sequence} von {station} ist nicht neuer als das angenommene Bündel {last} und ein anderes. Nichts wurde damit getan.',
  'bundle.gap':
    'Das Bündel {sequence} von {station} folgt auf Bündel {previous}; zuletzt angenommen wurde hier {last}. Zuerst das fehlende bringen; ist es endgültig verloren, --accept-gap angeben.',
  'bundle.older-head':
    'Das Bündel {sequence} von {station} kommt von einer älteren Kopie der Station: Ihr Prüfprotokoll hatte {last} Einträge und hat jetzt {size} oder andere. Nichts wurde damit getan; Sicherheitsbeauftragte rufen.',
  'bundle.no-applier-folder': 'In {folder} ist kein Applier: birthmark applier init.',
  'receipts.unknown': 'Diese Quittungen gehören zu keinem Bündel dieser Station. Nichts wurde damit getan.',
  'receipts.stale':
    'Diese Quittungen zum Bündel {sequence} sind Nummer {number}; Nummer {last} wurde schon angenommen. Nichts wurde damit getan.',
  'receipts.partial':
    'Diese Quittungen zum Bündel {sequence} nennen {found} Zeilen statt der {expected}, die es hat. Nichts wurde damit getan.',
  'privacy.unknown':
    'Die Aufzeichnungen kennen unter diesem Namen nichts ({what}): Es war nie hier, oder es wurde gelöscht.',
  'privacy.held':
    'Die Aufbewahrungsanordnung {hold} hält diese Aufzeichnungen fest. Zwei Personen beenden sie zuerst: birthmark privacy release {hold}.',
  'privacy.no-hold': 'Es ist keine Aufbewahrungsanordnung {hold} in Kraft.',
  'privacy.waits':
    '{rows} Zeilen der Einheit warten auf die Cloud. Senden (birthmark sync run), oder die auf eine Person wartenden wiederholen oder verwerfen; dann die Einheit löschen.',
  'privacy.working': 'Die Person fertigt gerade eine Einheit. Auf das Ergebnis warten, dann löschen.',
  'privacy.only-one':
    'Nur diese Person kann sich in der Rolle {role} anmelden: Niemand könnte diese Arbeit mehr tun. Zuerst jemanden hinzufügen.',
  'privacy.still-read':
    'Es ist gelöscht, doch alte Seiten sind noch in station.db-wal, weil ein anderes Programm die Datenbank liest. Es beenden (audit verify, fsck, backup); die Station versucht es stündlich und beim nächsten Start wieder.',
  'backup.exists': 'Unter {folder} ist schon etwas. Eine Sicherung ist ein neuer Ordner; einen anderen Namen wählen.',
  'backup.busy': 'Gerade wird eine Sicherung erstellt. Darauf warten.',
  'backup.failed':
    'Die Sicherung ließ sich nicht nach {folder} schreiben ({reason}). Auf dem Datenträger Platz schaffen oder einen anderen nehmen, dann erneut sichern.',
  'backup.damaged':
    'Die Sicherung hält nicht: {file}: {reason}. Eine andere nehmen; ist sie eben erst gemacht, birthmark fsck ausführen und die Linienleitung rufen.',
  'backup.expired':
    'Die Sicherung ist abgelaufen ({at}): Was vorher gelöscht wurde und noch in ihr ist, wäre wieder da. Eine neuere nehmen; gibt es keine, --expired angeben.',
  'backup.not-empty':
    'Der Ordner {folder} ist nicht leer. Einen neuen wählen oder --replace angeben: Was dort ist, wird beiseitegelegt.',
  'station.held': 'Ein anderer Stationsprozess ({holder}) hält diesen Ordner bereits.',
  'station.no-folder': 'In {folder} ist keine Station.',
  'station.config': 'station.json, {place}: erwartet {expected}, gefunden {found}.',
  'station.mode': 'In der Betriebsart {mode} nicht erlaubt: {what}.',
  'station.stopping': 'Die Station hält an. Neu starten, dann die Einheit erneut scannen.',
  'station.altered':
    'Das Programm ist nicht so, wie es ausgeliefert wurde ({file}), und fertigt darum keine Einheiten. Neu installieren und die Betreuung dieses Rechners verständigen.',
  'store.failed':
    'Die Station konnte nicht aufzeichnen ({reason}). Nichts geht ohne Aufzeichnung hinaus; Platz auf der Platte schaffen oder die Linienleitung rufen.',
  'audit.too-long':
    'Der Eintrag {action} des Prüfprotokolls hätte {bytes} Bytes, mehr als erlaubt. Nichts wurde getan; Linienleitung rufen.',
  'store.damaged': 'Die Aufzeichnung {what} ist beschädigt: {reason}.',
  'audit.damaged':
    'Das Prüfprotokoll ist beschädigt ({place}: {reason}). Nichts wird gefertigt oder signiert. Sicherheitsbeauftragte und Auditor rufen.',
  'audit.older':
    'Diese Station ist älter als {anchor}, das einen Kopf mit {size} Einträgen kennt (hier sind {here}): Eine alte Kopie der Datenbank wurde zurückgespielt. Plätze, Zertifikate und Listen sind angehalten. Die neueste Datenbank zurückspielen; ist sie verloren, gleichen zwei Personen ab: birthmark audit reconcile --size {size} --root {root}.',
  'audit.forked':
    'Das Prüfprotokoll dieser Station ist ein anderes, als {anchor} bei {size} Einträgen kennt (hier sind {here}). Plätze, Zertifikate und Listen sind angehalten. Die richtige Datenbank suchen; gibt es keine, gleichen zwei Personen ab: birthmark audit reconcile --size {size} --root {root}.',
  'audit.not-stopped':
    'Kein Kopf mit {size} Einträgen und dieser Wurzel hat das Prüfprotokoll angehalten. Erneut ansehen, warum es angehalten ist: birthmark audit anchors.',
  'audit.no-entry': 'Das Prüfprotokoll hat keinen Eintrag {seq}: Es hat {entries}, ab 0 gezählt.',
  'audit.unsigned':
    'Der Kopf des Prüfprotokolls ließ sich nicht signieren. Prüfen, ob das HSM bereit und das Prüfprotokoll nicht angehalten ist, dann wiederholen.',
  'audit.not-written':
    'Der Export ließ sich nicht nach {folder} schreiben ({reason}). Platz schaffen oder dort das Schreibrecht geben, dann wiederholen.',
  'rpc.closed': 'Die Verbindung zur Station ging verloren. Sie kommt von selbst zurück.',
  'rpc.deadline': 'Die Station hat in {ms} ms nicht geantwortet.',
  internal:
    'Etwas Unvorhergesehenes ist schiefgegangen (Vorfall {incident}). Einzelheiten stehen im Protokoll; Linienleitung rufen.',
};
