import type { packing as english } from '../en/packing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

export const packing: Like<typeof english> = {
  'unit.shipped': {
    means:
      'Laut ihrem Eintrag hat die Einheit die Linie verlassen. Liegt sie trotzdem hier, kam sie zurück, oder eine andere wurde unter ihrem Namen verpackt.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{units}“: wann sie ausgeliefert wurde. Eine zurückgekommene Einheit wird verschrottet oder unter neuem Auftrag mit neuer Seriennummer gefertigt.',
  },
  'unit.needs-replacement': {
    means:
      'Die Cloud hat den Schlüssel der Einheit, und die Kopie hier wurde vernichtet, wie es sein muss. Noch einmal fertigen lässt sie sich nur mit einem anderen Schlüssel unter demselben Namen.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{units}“: mit einer zweiten Person ihre Zugangsdaten ersetzen. Der nächste Lauf bringt den neuen Schlüssel, ihr Eintrag in der Cloud bekommt ihn.',
  },
  'order.first-article': {
    means:
      'Das Rezept verlangt, dass jemand die erste Einheit dieser Version ansieht, bevor weitere gefertigt werden. Ein Fehler darin steckte sonst in einem ganzen Auftrag.',
    steps: ['Die erste Einheit, nach der Seriennummer in der Meldung, der Linienleitung bringen.', say.again],
    lead: 'Die Einheit ansehen. Stimmt sie, im Bildschirm „{recipes}“ freigeben; sonst im Bildschirm „{units}“ verschrotten oder noch einmal fertigen: Die nächste, die besteht, ist die erste.',
  },
  'packing.label': {
    means:
      'Das Gescannte nennt eine andere Einheit oder nichts, was diese Station gefertigt hat. Ein Karton mit falschem Etikett liefert eine fremde Identität aus.',
    steps: [
      'Das Etikett an der Einheit selbst noch einmal scannen.',
      'Bleibt es dabei, die Einheit mit diesem Code kennzeichnen, aussondern und die Linienleitung rufen.',
    ],
    lead: 'Im Bildschirm „{units}“: welche Einheit das Etikett meint. Ob benachbarte Einheiten ihre Etiketten vertauscht haben.',
  },
  'packing.no-key': {
    means:
      'Die Einheit weist sich mit ihrem TPM aus, und von ihr ist kein Endorsement Key verzeichnet. Die Cloud könnte sie nie erkennen.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: ob ihr Lauf das TPM gelesen hat. Sie im Bildschirm „{units}“ noch einmal fertigen lassen.',
  },
  'packing.short-lived': {
    means:
      'Ihr Zertifikat endet zu früh: Die Einheit liegt womöglich länger im Lager, als es gilt, und würde dann abgewiesen.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{certificates}“: wann es endet. Es erneuern und die Einheit noch einmal fertigen lassen, oder fragen, ob das Rezept zu viel verlangt.',
  },
  'packing.no-receipt': {
    means: 'Das Rezept verlangt die Antwort der Cloud, bevor eine Einheit hinausgeht, und sie ist noch nicht da.',
    steps: ['Die Einheit beiseitelegen und die nächste verpacken.', 'Sie später erneut scannen.', say.leadIf],
    lead: 'Im Bildschirm „{cloud}“: ob Übertragungen warten und warum; ob die Zeile dieser Einheit auf einen Menschen wartet.',
  },
  'packing.shut-out': {
    means: 'Jemand hat die Einheit in der Cloud gesperrt oder ausgetragen. Wer sie einschaltet, würde abgewiesen.',
    steps: [say.aside, say.lead],
    lead: 'Im Bildschirm „{audit}“, nach dieser Seriennummer: wer das warum getan hat. Sie wieder zulassen oder verschrotten.',
  },
};
