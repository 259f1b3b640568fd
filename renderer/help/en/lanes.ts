import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Lanes, the link to a unit, and runs. */
export const lanes = {
  'lane.stopped': {
    means:
      'The lane takes no unit, since two units claimed to be one, or a TPM is not of its maker’s list. What happened stands behind it in the message.',
    steps: [
      'Leave the units of this lane where they are, marked.',
      'Work on with the other lanes.',
      say.lead,
      say.released,
    ],
    lead: 'On the {audit} screen: the entry that stopped the lane, and both units. Release it when both units are set aside; every release is recorded in your name.',
  },
  'lane.unknown': {
    means: 'The scan was sent to a lane that this station does not have.',
    steps: ['Choose a lane that the screen shows.', say.again],
    lead: 'On the {settings} screen: how many lanes the station has, and whether the fixture’s code is of another station.',
  },
  'lane.busy': {
    means: 'The lane is still making a unit. A second one cannot begin before its verdict.',
    steps: ['Wait for the verdict of the lane.', 'Then scan the unit again, or choose a free lane.'],
    lead: 'On the {lanes} screen: which step the lane is at. Every step has a time limit, after which the run ends by itself.',
  },
  'link.missing': {
    means: 'The port of this lane is not there: the fixture is unplugged, or its adapter has no power.',
    steps: [
      'Plug the fixture’s cable in, at both ends.',
      'Wait until the lane no longer says that there is no fixture.',
      say.again,
      'If it stays away, call the lead.',
    ],
    lead: 'On the {settings} screen: which port the lane is bound to. After a cable was moved to another socket, bind the lane anew.',
  },
  'link.lost': {
    means: 'The cable or the adapter broke off while the station was talking to the unit. The unit is not to blame.',
    steps: [
      'Press the plugs home and look for a damaged cable.',
      say.again,
      'If it repeats on this lane, change the cable and call the lead.',
    ],
    lead: 'On the {lanes} screen: whether one lane or all of them lose the link. All of them at once is the hub or its supply.',
  },
  'link.refused': {
    means:
      'The port is there, but the operating system does not give it to the station: another program has it, or the station may not open it.',
    steps: ['Close other programs that use serial ports, such as a terminal.', say.again, say.leadIf],
    lead: 'The reason in the message: another program has the port (a second station has that of the screens), the station’s user may not open it, or the speed is not one that it can have.',
  },
  'run.unknown': {
    means: 'There is no run with this number, or it has ended already, so it can neither be shown nor stopped.',
    steps: ['Look at the lane: it probably shows a verdict by now.', 'Work on.'],
    lead: 'On the {audit} screen, by the serial number: the runs of the unit.',
  },
  'run.aborted': {
    means: 'Somebody stopped the run before it ended. The message says who. That says nothing about the unit.',
    steps: ['Ask why it was stopped, if it was not you.', 'Scan the unit again when it may go on.'],
    lead: 'On the {audit} screen, by the serial number: who stopped it, and at which step.',
  },
  'run.interrupted': {
    means:
      'The station stopped or lost power in the middle of this unit. When it came back, it closed the run. Nobody was told that the unit passed.',
    steps: [
      'Leave the unit on its fixture or put it back.',
      say.again,
      'If it does not pass now, set it aside and call the lead.',
    ],
    lead: 'On the {orders} screen: the quarantine list. A unit that shows CHECK may not ship until a run passes.',
  },
  'run.empty': {
    means:
      'From the recipe there follows no step for this unit. A run without a step would prove nothing, so it is refused. That is a fault of this program.',
    steps: [say.aside, say.lead],
    lead: 'Which recipe the order has. Report it with the code to whoever maintains this program, and take another version of the recipe meanwhile.',
  },
} as const satisfies Part;
