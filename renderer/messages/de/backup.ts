import type { backup as english } from '../en/backup.ts';
import type { Told } from '../messages.ts';

export const backup: Told<typeof english> = {
  title: 'Sicherung',
  new: 'Eine neue Sicherung',
  make: 'Sicherung erstellen',
  about:
    'Die Station wird im laufenden Betrieb kopiert und die Kopie geprüft. Sie enthält Namen und versiegelte Geheimnisse: wie die Station selbst verwahren. Die Schlüssel sind im HSM, das seine eigene Sicherung hat.',
  made: '{name} ist erstellt und geprüft, {at}.',
  stages: {
    copying: 'Kopieren',
    reading: 'Zurücklesen',
    checking: 'Aufzeichnungen prüfen',
    verifying: 'Prüfprotokoll verifizieren',
  },
  list: 'Sicherungen',
  folder: 'Sie liegen in {folder}. Auch an einen anderen Ort kopieren.',
  ownFolder: 'Sie liegen im Ordner „backups“ der Station. Auch an einen anderen Ort kopieren.',
  none: 'Es gibt noch keine Sicherung.',
  name: 'Ordner',
  madeAt: 'Erstellt',
  size: 'Größe',
  mb: '{mb} MB',
  entries: 'Einträge',
  expires: 'Zurückspielbar bis',
  unread: 'Diese Ordner sind keine ganzen Sicherungen: {names}',
  restore: 'Zurückspielen',
  restoreMeans: 'Zuerst die Station anhalten. Dann auf der Befehlszeile dieses Rechners:',
  restoreAfter:
    'Die Station, die dort war, wird beiseitegelegt. Beim nächsten Start vergleicht sich die zurückgespielte mit ihren Ankern außerhalb; ist einer neuer, gleichen zwei Personen ab.',
};
