import type { tour as english } from '../en/tour.ts';
import type { Told } from '../messages.ts';

export const tour: Told<typeof english> = {
  title: 'Rundgang',
  offer: 'Rundgang: 2 Minuten',
  decline: 'Nein',
  about: 'Neu hier? Der Rundgang führt von der ersten Einheit bis zum Beweis.',
  at: '{step} von {steps}',
  next: 'Weiter',
  leave: 'Beenden',
  finish: 'Fertig',
  steps: {
    scan: 'Eine Einheit scannen: ein Etikett ohne X drücken, oder tippen und Enter. Der Platz zeigt jeden Schritt, dann {pass}.',
    wrong: 'Jetzt das Etikett mit X am Ende scannen: es klebt auf einer falschen Einheit. Die Station merkt das.',
    read: '{fail} sagt, was gefunden wurde, was zu tun ist, und einen Code. Umschalt+F1 öffnet dessen Seite, Escape schließt sie.',
    mend: 'Die falsche Einheit ist ausgesondert. Ein Etikett ohne X scannen: die Linie geht weiter; {pass} nur für das, was gefertigt ist.',
    order: 'Wie weit ist der Auftrag? F9 öffnet das Menü: „{orders}“ wählen.',
    become: 'Hier steht der Fortschritt. Beweise sind für die, die prüfen: oben „{out}“, dann als {auditor} anmelden.',
    evidence: 'F9, „{audit}“, „{exports}“, „{write}“: die Station schreibt den Beweis und prüft ihn.',
    done: 'Eine Einheit ist gefertigt, eine falsche erkannt, und der Beweis hält. Die Hilfe beginnt den Rundgang erneut.',
  },
};
