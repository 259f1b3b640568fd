/** Backups made from a screen. */
export const backup = {
  title: 'Backup',
  new: 'A new backup',
  make: 'Make a backup',
  about:
    'The station is copied while it runs, and the copy is checked. It holds names and sealed secrets: keep it like the station itself. The keys are in the HSM, whose backup is its own.',
  made: '{name} was made and checked, {at}.',
  stages: {
    copying: 'Copying',
    reading: 'Reading it back',
    checking: 'Checking the records',
    verifying: 'Verifying the audit trail',
  },
  list: 'Backups',
  folder: 'They are in {folder}. Copy them to another place, too.',
  ownFolder: 'They are in the folder “backups” of the station’s own folder. Copy them to another place, too.',
  none: 'There is no backup yet.',
  name: 'Folder',
  madeAt: 'Made',
  size: 'Size',
  mb: '{mb} MB',
  entries: 'Entries',
  expires: 'To be put back until',
  unread: 'These folders are no whole backups: {names}',
  restore: 'Putting one back',
  restoreMeans: 'Stop the station first. Then, at the command line of this computer:',
  restoreAfter:
    'The station that was there is kept aside. At its next start the restored one compares itself with its anchors outside; where one is newer, two people reconcile.',
} as const;
