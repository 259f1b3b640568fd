import type { airGap as english } from '../en/air-gap.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Bundles and receipts, which are carried over an air gap. */
export const airGap: Like<typeof english> = {
  'bundle.no-applier': {
    means:
      'Ein Bündel ist für einen Applier verschlüsselt, den Rechner, der es sendet. Dieser Station wurde nicht gesagt, welcher das ist.',
    steps: ['Noch kein Bündel machen.', say.officer],
    lead: 'Zwei Personen legen den Applier fest: mit seiner Datei und, aus anderer Quelle, ihrem Fingerabdruck.',
  },
  'bundle.fingerprint': {
    means:
      'Die Datei mit den Schlüsseln des Appliers ist nicht die, zu der der Fingerabdruck gehört. Wer sie austauscht, bekäme die Schlüssel aller Einheiten.',
    steps: ['Das Getippte prüfen.', 'War es richtig, die Datei auf einem anderen Weg neu holen.', say.officer],
    lead: 'Den Fingerabdruck am Telefon von einer bekannten Person vorlesen lassen, vom Bildschirm des Appliers selbst.',
  },
  'bundle.nothing': {
    means: 'Alles ist gesendet oder schon in einem Bündel unterwegs; es gibt nichts zu tragen.',
    steps: ['Kein Bündel machen: Es gibt nichts hineinzulegen.', 'Weiterarbeiten.'],
    lead: 'Im Bildschirm „{cloud}“: der Rückstand und noch offene Bündel.',
  },
  'bundle.busy': {
    means: 'Gerade wird ein Bündel gemacht. Ein zweites zur selben Zeit enthielte dieselben Zeilen.',
    steps: ['Warten, bis es fertig ist.', 'Dann das nächste machen.'],
    lead: 'Im Bildschirm „{cloud}“: die Liste der Bündel.',
  },
  'bundle.unknown': {
    means:
      'Ein offenes Bündel mit dieser Nummer gibt es nicht: Seine Quittungen sind angenommen, es ist abgelaufen, oder die Nummer ist falsch.',
    steps: ['Die Nummer in der Liste der Bündel nachsehen.', 'Mit der richtigen Nummer wiederholen.'],
    lead: 'Im Bildschirm „{cloud}“: die Bündel und ihre Zustände.',
  },
  'bundle.forged': {
    means:
      'Die Signatur stimmt nicht: Die Datei wurde unterwegs verändert oder kommt von jemand anderem. Nichts wurde damit getan.',
    steps: [
      'Die Datei dort neu kopieren, wo sie entstand.',
      'Sagt sie dasselbe, den Datenträger aufheben und Sicherheitsbeauftragte rufen.',
    ],
    lead: 'Wer den Datenträger trug, und ob er dazwischen woanders war. Den Hash der Datei auf beiden Seiten vergleichen.',
  },
  'bundle.foreign': {
    means: 'Die Datei ist in Ordnung, aber für jemand anderen bestimmt.',
    steps: ['Prüfen, ob Dateien verwechselt wurden.', 'Sie zu dem bringen, den die Meldung nennt.'],
    lead: 'Welcher Applier an der Station festgelegt ist.',
  },
  'bundle.unknown-station': {
    means: 'Der Applier kennt die Station nicht, die dieses Bündel gemacht hat, und nimmt von Fremden nichts an.',
    steps: ['Das Bündel lassen, wo es ist.', say.officer],
    lead: 'Die öffentliche Datei der Station holen und auf anderem Weg ihren Fingerabdruck; dann ihr auf dem Applier vertrauen.',
  },
  'bundle.trusted-otherwise': {
    means:
      'Der Applier kennt diese Station mit einem anderen Schlüssel. Der Schlüssel einer Station ändert sich nie von selbst.',
    steps: ['Das Bündel lassen, wo es ist.', say.officer],
    lead: 'Ob die Station neu eingerichtet wurde. Weiß niemand den Grund, es als Angriff ansehen.',
  },
  'bundle.expired': {
    means:
      'Das Bündel lag zu lange. Sein Inhalt kann überholt sein; nichts daraus wird gesendet. Seine Zeilen kehren in die Warteschlange der Station zurück.',
    steps: ['An der Station ein neues Bündel machen.', 'Es bald übertragen.'],
    lead: 'Im Bildschirm „{cloud}“: wann es ablief. Wer ein Bündel macht, sagt, wie viele Tage es gilt, höchstens 90.',
  },
  'bundle.replayed': {
    means:
      'Von dieser Station wurde schon ein neueres Bündel angenommen; dieses würde rückgängig machen, was danach kam.',
    steps: ['Das Bündel weglegen.', 'Das neueste übertragen.'],
    lead: 'Ob ein alter Datenträger herumliegt oder jemand absichtlich ein altes Bündel geschickt hat.',
  },
  'bundle.gap': {
    means: 'Zwischen diesem und dem letzten Bündel fehlt eines. Was darin ist, käme nie an.',
    steps: ['Das fehlende Bündel suchen und zuerst übertragen.', 'Ist es verloren, die Linienleitung rufen.'],
    lead: 'Im Bildschirm „{cloud}“ der Station: Solange es offen ist, lässt sich seine Datei neu schreiben. Ist es endgültig verloren, kann der Applier die Lücke annehmen; die Zeilen werden später neu gesendet.',
  },
  'bundle.older-head': {
    means:
      'Das Prüfprotokoll der Station ist kürzer oder anders als vorher: Eine alte Kopie der Station arbeitet, und ihre Seriennummern würden zweimal benutzt.',
    steps: ['Die Station anhalten.', say.officer],
    lead: 'Im Bildschirm „{audit}“ der Station: der neueste Kopf. Die richtige Datenbank suchen.',
  },
  'bundle.no-applier-folder': {
    means: 'In dem genannten Ordner ist kein Applier.',
    steps: [say.folder, 'Gab es nie einen, ihn einrichten.'],
    lead: 'Wie, sagt die Befehlszeile: birthmark applier --help.',
  },
  'receipts.unknown': {
    means: 'Die Quittungen gehören zu keinem Bündel, das diese Station gemacht hat.',
    steps: ['Prüfen, ob sie von einer anderen Station sind.', 'Die richtige Datei bringen.'],
    lead: 'Im Bildschirm „{cloud}“: die offenen Bündel.',
  },
  'receipts.stale': {
    means: 'Zu diesem Bündel wurden schon neuere Quittungen angenommen. Alte würden die Liste zurücksetzen.',
    steps: ['Die Datei weglegen.', 'Die neuesten Quittungen bringen.'],
    lead: 'Die Meldung sagt, welche Nummer zuletzt angenommen wurde. Im Bildschirm „{cloud}“: ob das Bündel erledigt ist.',
  },
  'receipts.partial': {
    means: 'Die Quittungen nennen nicht jede Zeile des Bündels. Ein Teil der Datei fehlt.',
    steps: ['Die Datei vom Applier neu kopieren.', say.leadIf],
    lead: 'Den Applier die Quittungen dieses Bündels neu schreiben lassen.',
  },
};
