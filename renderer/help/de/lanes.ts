import type { lanes as english } from '../en/lanes.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Lanes, the link to a unit, and runs. */
export const lanes: Like<typeof english> = {
  'lane.stopped': {
    means:
      'Der Platz nimmt keine Einheit an, weil zwei Einheiten dieselbe sein wollten oder ein TPM nicht auf der Liste seines Herstellers steht. Was geschah, steht in der Meldung dahinter.',
    steps: [
      'Die Einheiten dieses Platzes gekennzeichnet liegen lassen.',
      'Auf den anderen Plätzen weiterarbeiten.',
      say.lead,
      say.released,
    ],
    lead: 'Im Bildschirm „{audit}“: der Eintrag, der den Platz angehalten hat, und beide Einheiten. Den Platz freigeben, wenn beide ausgesondert sind; jede Freigabe wird mit Namen aufgezeichnet.',
  },
  'lane.unknown': {
    means: 'Der Scan ging an einen Platz, den diese Station nicht hat.',
    steps: ['Einen Platz wählen, den der Bildschirm zeigt.', say.again],
    lead: 'Im Bildschirm „{settings}“: wie viele Plätze die Station hat, und ob der Code der Aufnahme zu einer anderen Station gehört.',
  },
  'lane.busy': {
    means: 'Der Platz fertigt noch eine Einheit. Vor ihrem Ergebnis kann keine zweite beginnen.',
    steps: ['Das Ergebnis des Platzes abwarten.', 'Dann die Einheit erneut scannen oder einen freien Platz wählen.'],
    lead: 'Im Bildschirm „{lanes}“: bei welchem Schritt der Platz ist. Jeder Schritt hat eine Frist; danach endet der Lauf von selbst.',
  },
  'link.missing': {
    means: 'Der Anschluss dieses Platzes ist nicht da: Die Aufnahme ist abgezogen, oder ihr Adapter hat keinen Strom.',
    steps: [
      'Das Kabel der Aufnahme an beiden Enden einstecken.',
      'Warten, bis der Platz wieder eine Aufnahme zeigt.',
      say.again,
      'Bleibt sie weg, die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{settings}“: an welchen Anschluss der Platz gebunden ist. Wurde ein Kabel umgesteckt, den Platz neu binden.',
  },
  'link.lost': {
    means:
      'Das Kabel oder der Adapter fiel aus, während die Station mit der Einheit sprach. Die Einheit ist nicht schuld.',
    steps: [
      'Die Stecker fest andrücken und nach einem schadhaften Kabel sehen.',
      say.again,
      'Wiederholt es sich auf diesem Platz, das Kabel tauschen und die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{lanes}“: ob ein Platz oder alle die Verbindung verlieren. Alle zugleich: der Hub oder seine Stromversorgung.',
  },
  'link.refused': {
    means:
      'Der Anschluss ist da, aber das Betriebssystem gibt ihn der Station nicht: Ein anderes Programm hat ihn, oder die Station darf ihn nicht öffnen.',
    steps: ['Andere Programme schließen, die serielle Anschlüsse benutzen, etwa ein Terminal.', say.again, say.leadIf],
    lead: 'Der Grund in der Meldung: Ein anderes Programm hat den Anschluss (den der Bildschirme hat eine zweite Station), der Benutzer der Station darf ihn nicht öffnen, oder er kann diese Baudrate nicht.',
  },
  'run.unknown': {
    means:
      'Einen Lauf mit dieser Nummer gibt es nicht, oder er ist schon zu Ende und kann weder gezeigt noch abgebrochen werden.',
    steps: ['Auf den Platz sehen: Wahrscheinlich zeigt er schon ein Ergebnis.', 'Weiterarbeiten.'],
    lead: 'Im Bildschirm „{audit}“, nach der Seriennummer: die Läufe der Einheit.',
  },
  'run.aborted': {
    means:
      'Jemand hat den Lauf abgebrochen, bevor er zu Ende war. Die Meldung sagt, wer. Über die Einheit sagt das nichts.',
    steps: ['War es jemand anderes, nach dem Grund fragen.', 'Die Einheit erneut scannen, sobald es weitergehen darf.'],
    lead: 'Im Bildschirm „{audit}“, nach der Seriennummer: wer ihn abgebrochen hat, und bei welchem Schritt.',
  },
  'run.interrupted': {
    means:
      'Die Station hielt mitten in dieser Einheit an oder verlor den Strom. Beim Neustart hat sie den Lauf geschlossen. Als GUT wurde die Einheit nirgends gezeigt.',
    steps: [
      'Die Einheit in der Aufnahme lassen oder wieder einsetzen.',
      say.again,
      'Ist sie jetzt nicht GUT, sie aussondern und die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{orders}“: die Quarantäneliste. Eine Einheit, die PRÜFEN zeigt, darf nicht ausgeliefert werden, bis ein Lauf GUT ist.',
  },
  'run.empty': {
    means:
      'Aus dem Rezept folgt für diese Einheit kein Schritt. Ein Lauf ohne Schritt würde nichts beweisen und wird abgelehnt. Das ist ein Fehler dieses Programms.',
    steps: [say.aside, say.lead],
    lead: 'Welches Rezept der Auftrag hat. Mit dem Code an die Betreuung dieses Programms melden und bis dahin eine andere Version des Rezepts nehmen.',
  },
};
