import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Units that are provisioned over their Linux console. */
export const overConsole = {
  'console.no-prompt': {
    means:
      'On the serial console there did not appear what the station waits for. The unit has not booted, or its console speaks at another speed.',
    steps: [say.reseat, 'Wait until the unit has booted.', say.again, say.asideIf],
    lead: 'On the {settings} screen: the speed of the lane. If all units say it, the image has no console on this port, or takes longer to boot than the message says.',
  },
  'console.login-refused': {
    means: 'The unit did not accept the name and password with which the station logs in.',
    steps: [say.aside, 'Do not scan further units of this batch.', say.lead],
    lead: 'On the {recipes} screen: which secret the recipe names. The image of the batch may have another password, or the secret has characters that cannot be typed.',
  },
  'console.tool-missing': {
    means: 'A program that the station needs on the unit is not in its software image.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The software image of the batch: the message names the program.',
  },
  'console.failed': {
    means:
      'A command on the unit ended with an error. Its disk may be full or read-only, or a service of it does not run.',
    steps: [say.again, say.asideIf],
    lead: 'The command and its exit code in the message. If all units say it, the image is not the one that the recipe was written for.',
  },
  'console.garbled': {
    means: 'Something else came over the console than an answer: messages of the kernel, or bytes that were lost.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'Whether the image writes kernel messages to this console, and whether the cable is long or unshielded.',
  },
  'console.file-differs': {
    means:
      'A file that was written to the unit reads back differently. It was lost on the way, or something on the unit changed it.',
    steps: [say.again, say.asideIf],
    lead: 'Whether a service on the unit writes the same file.',
  },
} as const satisfies Part;
