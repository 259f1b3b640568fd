/** The settings of a station. */
export const settings = {
  title: 'Settings',
  inForce: 'Settings in force',
  current: 'as shown below',
  waiting: 'others: those below take effect when the station starts again',
  restart: 'Start the station again',
  restartNow: 'Start again now',
  restartMeans:
    'Lanes are closed for some seconds. Afterwards the HSM and the cloud connection may ask for their secrets again.',
  byCommand: 'This station was started by a command: stop it there and start it again.',
  others: 'Place, cloud and backups',
  idle: 'Minutes until sign-out',
  idleMeans: 'Whoever does not use a screen for so long is signed out. Lanes go on.',
  idleWrong: 'A whole number from 1 to 480.',
  backupFolder: 'Folder for backups (optional)',
  backupFolderMeans: 'A whole path on another disk or a share. Left empty, they stay in the station’s own folder.',
  save: 'Save',
  saveMeans: 'A second person has to agree. The settings take effect when the station starts again.',
} as const;
