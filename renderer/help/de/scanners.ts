import type { scanners as english } from '../en/scanners.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Scanners, labels, and lanes that wait for their unit. */
export const scanners: Like<typeof english> = {
  'scan.unreadable': {
    means:
      'Was kam, ist kein ganzes Etikett: ein halber Code, Zeichen, die kein Etikett hat, oder ein GS1-Code, dessen Teile nicht passen. Nichts davon wird benutzt, denn ein halber Code kann der einer anderen Einheit sein.',
    steps: [
      'Den Scanner ruhig halten und das ganze Etikett erneut scannen.',
      'Wiederholt es sich, das Etikett reinigen oder neu drucken.',
      say.leadIf,
    ],
    lead: 'Ob ein Etikett oder alle abgewiesen werden. Alle: Ende oder Präfix des Scanners ist nicht das aus „{settings}“, oder seine Tastatur ist eine andere; den Test-Barcode scannen.',
  },
  'scan.no-serial': {
    means:
      'Das Etikett ist ein GS1-Etikett ohne Seriennummer oder mit zweien. Vielleicht ist es das des Produkts oder der Schachtel.',
    steps: ['Das Etikett mit der Seriennummer der Einheit selbst scannen.', say.leadIf],
    lead: 'Welche Daten das Etikett trägt: Die Seriennummer ist GS1 AI 21. Ein Etikett ohne sie nennt keine einzelne Einheit.',
  },
  'scan.checksum': {
    means:
      'Das letzte Zeichen der Seriennummer wird aus den anderen berechnet und passt nicht: Ein Zeichen wurde falsch gelesen oder getippt.',
    steps: ['Das Etikett erneut scannen, nicht tippen.', 'Wiederholt es sich, das Etikett neu drucken.', say.leadIf],
    lead: 'Ob die Etiketten dieses Auftrags die Regel überhaupt einhalten: Sie gilt für die ganze Station.',
  },
  'scan.unknown-command': {
    means: 'Der Barcode beginnt wie ein Befehl dieses Programms, aber diese Version hat keinen solchen.',
    steps: ['Die Befehls-Barcodes dieser Version benutzen.', say.leadIf],
    lead: 'Befehls-Barcodes sind CONFIRM und RETRY. Andere gehören zu einer anderen Version oder sind erfunden.',
  },
  'scanner.gone': {
    means:
      'Der Scanner an einer seriellen Schnittstelle ist abgezogen, oder sein Adapter hat keinen Strom. Er wird von selbst wieder benutzt, wenn er da ist.',
    steps: [
      'Den Scanner einstecken und eine Sekunde warten.',
      'Bis dahin einen anderen Scanner benutzen oder die Seriennummer tippen.',
      say.leadIf,
    ],
    lead: 'Ob der Anschluss des Scanners in der Datei der Station noch der Ort ist, an dem er steckt.',
  },
  'light.unreachable': {
    means:
      'Die Signalleuchte oder das Relais nimmt nicht an, was es zeigen soll, und zeigt vielleicht Altes. Der Bildschirm stimmt.',
    steps: [
      'Auf den Bildschirm sehen statt auf die Leuchte.',
      'Prüfen, ob die Leuchte Strom hat und ihr Kabel steckt.',
      say.leadIf,
    ],
    lead: 'Der Grund in der Meldung; dann Anschluss oder Adresse der Leuchte in der Datei der Station.',
  },
  'scanner.refused': {
    means:
      'Der Anschluss des Scanners ist da, aber ein anderes Programm hat ihn, oder die Station darf ihn nicht öffnen. Es wird von selbst erneut versucht.',
    steps: [
      'Andere Programme schließen, die den Scanner benutzen.',
      'Bis dahin einen anderen Scanner benutzen oder die Seriennummer tippen.',
      say.leadIf,
    ],
    lead: 'Der Grund in der Meldung: ein anderes Programm, ein fehlendes Recht des Benutzers der Station oder eine Baudrate, die der Anschluss nicht hat.',
  },
  'lane.armed': {
    means:
      'Diese Einheit wurde schon für einen anderen Platz gescannt, der darauf wartet, dass sie eingesteckt wird. Eine Einheit startet nur auf einem Platz.',
    steps: [
      'Die Einheit auf dem Platz einstecken, der auf sie wartet.',
      'Oder dort eine andere Einheit scannen; nach fünf Minuten vergisst der Platz sie von selbst.',
    ],
    lead: 'Im Bildschirm „{audit}“, nach der Seriennummer: wer den Platz scharf gemacht hat, und wann.',
  },
  'lane.starts-by-scan': {
    means: 'Der Platz sollte scharf gemacht werden, ist aber so eingerichtet, dass er mit dem Scan startet.',
    steps: ['Die Einheit scannen: Ihr Lauf startet sofort.', say.leadIf],
    lead: 'In der Datei der Station: Plätze, deren Aufnahme beide Hände braucht, haben start: attach.',
  },
};
