import { type Row, row } from './row.ts';

/** What can go wrong with units on lanes, and whatever speaks with them or writes to them. */
export const unitsErrors = {
  'unit.silent': row(
    'unit',
    true,
    'The unit does not answer ({what}). Check that it is powered and seated, then scan it again.',
  ),
  'unit.garbled': row(
    'unit',
    true,
    'The unit sent something that is not the protocol ({what}). Reseat it and scan it again.',
  ),
  'unit.serial-mismatch': row(
    'unit',
    false,
    'The label says {serial}, the unit says {foundSerial}. Set the unit aside: label and unit do not belong together.',
  ),
  'unit.mac-mismatch': row('unit', false, 'The order says MAC {mac}, the unit says {foundMac}. Set the unit aside.'),
  'unit.version': row(
    'unit',
    false,
    'The unit speaks protocol version {found}; this station speaks {expected}. Update the firmware or the station.',
  ),
  'unit.cannot': row('unit', false, 'The unit lacks a capability that the recipe needs: {what}.'),
  'unit.refused': row('unit', false, 'The unit refused {what}: {reason}.'),
  'unit.other-credential': row(
    'unit',
    false,
    'The unit already holds another credential. Set it aside for rework by a lead.',
  ),
  'unit.proof-wrong': row(
    'unit',
    true,
    'The unit could not prove its credential. Scan it again; if it repeats, set it aside.',
  ),
  'unit.certificate-refused': row(
    'unit',
    false,
    'The certificate that the unit came with is refused: {rule}. Set the unit aside.',
  ),
  'unit.not-programmed': row(
    'unit',
    true,
    'Not programmed ({name}, exit code {code}): {said}. Reseat the unit and scan it again; if it repeats, set it aside.',
  ),
  'unit.mac-taken': row(
    'unit',
    false,
    'The units {serial} and {other} say that they have the same MAC. Set both aside and call the lead: the lane stops.',
  ),
  'lane.stopped': row('unit', true, 'Lane {lane} is stopped. {reason}'),
  'console.no-prompt': row(
    'unit',
    true,
    'The console of the unit shows no {what} in {seconds} s. Check that the unit has booted and that its speed is right, then scan it again.',
  ),
  'console.login-refused': row(
    'unit',
    false,
    'The console of the unit refused the login {login}. Check the secret that the recipe names.',
  ),
  'console.tool-missing': row('unit', false, 'The unit has no {tool}. Its software image must hold tpm2-tools.'),
  'console.failed': row(
    'unit',
    true,
    'The unit could not do {what} on its console (exit code {code}). Scan it again; if it repeats, set it aside.',
  ),
  'console.garbled': row(
    'unit',
    true,
    'The console of the unit answered {what} with something that is no answer. Scan it again.',
  ),
  'console.file-differs': row(
    'unit',
    true,
    'The file {path} that the unit reads back is not what was written. Scan it again; if it repeats, set it aside.',
  ),
  'programmer.unknown': row(
    'operator',
    false,
    'The recipe names the programmer {name}, which this station does not have. Name it in station.json, or take another recipe.',
  ),
  'programmer.changed': row(
    'station',
    false,
    'The file of the programmer {name} is not the one that station.json pins (SHA-256 {found}). It was not started. Put the pinned version back, or pin the new one.',
  ),
  'programmer.not-started': row('station', false, 'The programmer {name} could not be started: {reason}.'),
  'programmer.broke': row(
    'station',
    true,
    'The programmer {name} broke off ({ended}): {said}. Check it and its cable, then scan the unit again.',
  ),
  'programmer.late': row(
    'station',
    true,
    'The programmer {name} did not end within {seconds} s: {said}. Check it and its cable, then scan the unit again.',
  ),
  'link.missing': row('station', true, 'The port {port} of lane {lane} is not there. Plug the fixture in.'),
  'link.lost': row(
    'station',
    true,
    'The link to the unit was lost ({port}). Check the cable, then scan the unit again.',
  ),
  'link.refused': row(
    'station',
    true,
    'The port {port} could not be opened: {reason}. Close the program that uses it.',
  ),
  'unit.unknown': row('operator', false, 'No open order has a unit {serial}. Check the label or the order.'),
  'unit.ambiguous': row('operator', false, 'Several open orders have a unit {serial}; choose the order.'),
  'unit.finished': row('operator', false, 'The unit {serial} was already finished at {at}.'),
  'unit.busy': row('operator', true, 'The unit {serial} is being made on lane {lane} right now.'),
  'lane.unknown': row('operator', false, 'This station has no lane {lane}.'),
  'lane.busy': row('operator', true, 'Lane {lane} is still working. Wait for its verdict.'),
  'lane.armed': row(
    'operator',
    false,
    'The unit {serial} is waited for on lane {lane}. Plug it in there, or disarm that lane.',
  ),
  'lane.starts-by-scan': row('operator', false, 'Lane {lane} starts with the scan, not by plugging a unit in.'),
  'run.unknown': row('operator', false, 'There is no run {run}.'),
  'run.aborted': row('operator', true, 'The run was stopped by {who}.'),
  'run.interrupted': row('station', true, 'The station stopped while this unit was being made. Scan the unit again.'),
  'run.empty': row('bug', false, 'The plan for this unit has no step, so nothing would be proven.'),
  'unit.in-batch': row(
    'operator',
    true,
    'The unit {serial} gets its certificate outside of the line right now. Scan it again in a moment.',
  ),
  'unit.shipped': row('operator', false, 'The unit {serial} was shipped at {at}.'),
  'unit.needs-replacement': row(
    'operator',
    false,
    'The key of the unit {serial} is kept no more, so that it cannot be given again. A lead and a second person give it another one on the Units screen.',
  ),
  'unit.scrapped': row('operator', false, 'The unit {serial} was scrapped at {at}. It is never made again.'),
  'unit.chain-differs': row(
    'unit',
    true,
    'The certificate that the unit reads back is not the one that was written. Scan it again; if it repeats, set it aside.',
  ),
  'unit.unmade': row('operator', false, 'The unit {serial} has no registration ID yet: the cloud does not know it.'),
} as const satisfies Record<string, Row>;
