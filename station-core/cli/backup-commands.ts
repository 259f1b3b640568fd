import { Command } from '@commander-js/extra-typings';
import { backUp, pruneBackups, putBack } from './backup.ts';
import { type Ended, forOne } from './ca-options.ts';

/** The command `backup`: options and help. What it does stands in the file beside this one. */
export function backupCommand(ended: Ended): Command {
  const backup = new Command('backup').description('Copy a station that may be running, and check the copy.');
  forOne(backup)
    .option('--out <folder>', 'where it goes; a new folder')
    .option('--prune <folder>', 'remove the backups in this folder whose time is over, instead')
    .addHelpText(
      'after',
      '\nThe copy holds names and sealed secrets: keep it as well as the station. Keys are in the HSM, whose backup is its own.\n\nExample:\n  birthmark backup --out /media/usb/line-3-2026-11-27',
    )
    .action(({ prune, out, ...options }) =>
      ended(prune === undefined ? backUp(out, options) : pruneBackups(prune, options)),
    );
  return backup;
}

/** The command `restore`. */
export function restoreCommand(ended: Ended): Command {
  const restore = new Command('restore').description(
    'Put a backup back into an empty folder, checked before and after.',
  );
  forOne(restore)
    .argument('<folder>', 'the backup')
    .option('--replace', 'in place of the station that is in the folder, which is kept aside', false)
    .option('--expired', 'also a backup whose time is over', false)
    .addHelpText('after', '\nExample:\n  birthmark restore /media/usb/line-3-2026-11-27 --station ./line-3')
    .action((folder, options) => ended(putBack(folder, options)));
  return restore;
}
