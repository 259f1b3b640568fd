import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** External programmers, which write a unit's firmware first. */
export const programmers = {
  'unit.not-programmed': {
    means:
      'The firmware could not be written into the unit: the programmer ended with an exit code that the recipe lays to the unit. What it said last stands in the message.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'What the programmer printed: by the number of the run, on the command line of the station. If all units say it, look at the fixture’s contacts, and at which exit codes the recipe calls failed.',
  },
  'programmer.unknown': {
    means:
      'The recipe names a program that writes the unit’s firmware, and this station was not given one of that name.',
    steps: [say.stop, say.lead],
    lead: 'Which programmer the recipe names, on the {recipes} screen, and which ones the configuration of this station has. The names must be the same.',
  },
  'programmer.changed': {
    means:
      'The file of the programmer is another one than the station was told to trust. Somebody updated it, or put another program in its place. It was not started.',
    steps: [say.stop, say.both],
    lead: 'Who changed the program, and whether its new version was tried out. Only then is the hash of the new file pinned in the configuration.',
  },
  'programmer.not-started': {
    means: 'The operating system could not start the programmer. The unit was not touched.',
    steps: ['Leave the unit where it is.', say.lead],
    lead: 'The reason in the message: whether the program is installed on this machine, and whether the account of the station may run it.',
  },
  'programmer.broke': {
    means:
      'The programmer ended without having programmed the unit, and nothing says that the unit is to blame. What it said last stands in the message.',
    steps: ['Check the programmer’s plugs and its power.', say.again, say.leadIf],
    lead: 'What the programmer printed: by the number of the run, on the command line of the station. Exit codes that mean a bad unit belong into the recipe.',
  },
  'programmer.late': {
    means:
      'The programmer had not ended when its time was over, so the station ended it, and whatever it had started. The unit may hold half a firmware.',
    steps: ['Check the programmer’s plugs and its power.', say.again, say.leadIf],
    lead: 'What the programmer printed last, and how long good units take: the deadline in the recipe may be too short.',
  },
} as const satisfies Part;
