// One class and one table for everything that can go wrong. The table decides who is blamed (a FAIL condemns the unit,
// an ERROR the station), whether doing it again helps, and what the person at the line reads: what happened and what to
// do now. Words in braces are filled from the error's details; details never carry a secret.

export type Blame = 'unit' | 'operator' | 'station' | 'cloud' | 'bug';

type Row = { readonly blame: Blame; readonly retry: boolean; readonly says: string };

export const errors = {
  // the unit
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
  // the unit's TPM
  'tpm.missing': row(
    'unit',
    true,
    'The unit has no TPM that answers ({what}). Reseat the unit; if it repeats, set it aside.',
  ),
  'tpm.version': row('unit', false, 'The unit has a TPM {found}; DPS needs TPM 2.0 (F-90). Set the unit aside.'),
  'tpm.failure-mode': row(
    'unit',
    false,
    'The TPM of the unit is in failure mode: its self-test failed. Set the unit aside.',
  ),
  'tpm.lockout': row(
    'unit',
    true,
    'The TPM of the unit is in lockout after wrong authorisations. Leave it powered until its lockout ends, then scan the unit again.',
  ),
  'tpm.auth': row(
    'operator',
    false,
    'The TPM of the unit refused the authorisation of {what}. Check the secret that the recipe names; wrong ones lock a TPM.',
  ),
  'tpm.refused': row(
    'unit',
    true,
    'The TPM of the unit refused {command}: {code}. Scan it again; if it repeats, set it aside.',
  ),
  'tpm.garbled': row(
    'unit',
    true,
    'The TPM of the unit answered {command} with something that is no answer ({place}: expected {expected}). Scan it again.',
  ),
  'tpm.key-refused': row('unit', false, 'The {what} of the unit is not what it must be: {rule}. Set the unit aside.'),
  'tpm.name-differs': row(
    'unit',
    false,
    'The TPM of the unit gave its {what} another name than follows from its public part. Set the unit aside: it is no genuine TPM.',
  ),
  'tpm.not-activated': row(
    'unit',
    false,
    'The TPM of the unit could not open the challenge: the endorsement key that it shows is not its own. Set the unit aside.',
  ),
  // the endorsement key and its certificate
  'ek.certificate-missing': row(
    'unit',
    false,
    "The TPM of the unit has no certificate for its endorsement key. Set the unit aside, or ask the lead for the TPM maker's list.",
  ),
  'ek.certificate-unreadable': row(
    'unit',
    false,
    'The certificate of the endorsement key cannot be read ({place}: expected {expected}). Set the unit aside.',
  ),
  'ek.certificate-expired': row(
    'unit',
    false,
    'The certificate of the endorsement key is not valid at this time ({rule}). Check the clock; set the unit aside.',
  ),
  'ek.certificate-self-signed': row(
    'unit',
    false,
    'The certificate of the endorsement key is signed by nobody but itself. Set the unit aside: it is no TPM of a maker.',
  ),
  'ek.certificate-other-key': row(
    'unit',
    false,
    'The certificate is for another endorsement key than the one that the unit shows. Set the unit aside.',
  ),
  'ek.certificate-usage': row(
    'unit',
    false,
    'The certificate is not one of an endorsement key: {rule}. Set the unit aside.',
  ),
  'ek.certificate-chain': row(
    'unit',
    false,
    'The certificate of the endorsement key is refused at {which}: {rule}. Set the unit aside.',
  ),
  'ek.root-unknown': row(
    'operator',
    false,
    'The certificate of the endorsement key leads to no root that the recipe names ({issuer}). Set the unit aside; the security officer decides on new TPM makers.',
  ),
  'ek.software': row(
    'unit',
    false,
    'The unit has a software TPM ({what}). Production takes real ones only (F-101). Set the unit aside.',
  ),
  'ek.not-genuine-enough': row(
    'operator',
    false,
    'The recipe asks for {found} only; production asks for {expected} of every TPM.',
  ),
  'ek.taken': row(
    'unit',
    false,
    'The units {serial} and {other} have the same endorsement key. Set both aside and call the lead: the lane stops.',
  ),
  'ek.changed': row(
    'unit',
    false,
    'The unit {serial} was seen with another endorsement key before. A new TPM makes it a new device: scrap the unit or set it aside (F-98). The lane stops.',
  ),
  'ek.public-sample': row(
    'unit',
    false,
    'The endorsement key of the unit is printed in public documents. Production does not take it. Set the unit aside.',
  ),
  'ek.not-listed': row(
    'unit',
    false,
    'The endorsement key is not in the list {list} of the TPM maker. Set the unit aside: the lane stops (F-102).',
  ),
  'ek.other-id': row(
    'operator',
    false,
    'The list {list} enrolled this endorsement key under another registration ID than {registrationId}. A lead decides which it is to be.',
  ),
  'unit.mac-taken': row(
    'unit',
    false,
    'The units {serial} and {other} say that they have the same MAC. Set both aside and call the lead: the lane stops.',
  ),
  'lane.stopped': row('unit', true, 'Lane {lane} is stopped. {reason}'),
  // a console of a unit
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
  // external programmers
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
  // secrets that recipes name
  'secret.unknown': row(
    'operator',
    false,
    'The station has no secret {name}. The security officer sets it: birthmark secret set --name {name}.',
  ),
  // the link to it
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
  // people
  'person.unknown': row('operator', true, 'Name or PIN is wrong. Try again.'),
  'person.locked': row(
    'operator',
    false,
    'This name is locked after too many wrong PINs. Call a line lead or the security officer: they unlock it.',
  ),
  'person.choose-pin': row('operator', true, 'This is a one-time code. Choose a PIN of your own now.'),
  'person.code-ended': row(
    'operator',
    false,
    'The one-time code is not valid any more. Ask a line lead and the security officer for another one.',
  ),
  'person.pin-weak': row(
    'operator',
    true,
    'This PIN is not taken. Choose one of 6 or more characters: not all the same, no run like 123456, neither your name nor the PIN before.',
  ),
  'person.nobody': row('operator', true, 'Nobody here has this name. Look at the list of people, and choose again.'),
  'person.left': row('operator', false, 'This person has left. Add them again, if they are back.'),
  'person.last': row(
    'operator',
    false,
    'This is the only {role} who can sign in. Add another one first, then do it again.',
  ),
  'person.badge-taken': row('operator', true, 'This badge already names somebody else. Take another badge.'),
  'person.others-agree': row(
    'operator',
    false,
    'There are two people here who can agree to this. They do it: birthmark people reset --as NAME --second NAME.',
  ),
  'person.not-signed-in': row('operator', true, 'Nobody is signed in here. Sign in first.'),
  'person.not-allowed': row('operator', false, 'A {role} may not do this ({method}); it takes one of: {allowed}.'),
  'person.second-needed': row(
    'operator',
    true,
    'This needs a second person ({allowed}) who approves exactly this operation.',
  ),
  'person.approval-wrong': row(
    'operator',
    true,
    'The approval is for another operation, already used, or given by the same person.',
  ),
  'person.none': row('operator', false, 'Nobody here is a {role} any more. Add one: birthmark people add.'),
  'person.taken': row('operator', false, 'There already is an operator with this name.'),
  // input
  'input.invalid': row('operator', false, '{place}: expected {expected}, found {found}.'),
  'input.unknown-call': row('bug', false, 'There is no call {method}.'),
  'identity.invalid': row('operator', false, 'The registration ID {registrationId} is not allowed: {rule}.'),
  'identity.taken': row('operator', false, 'The registration ID {registrationId} is already taken by another unit.'),
  'identity.erased': row(
    'operator',
    false,
    'The {what} is one of a unit whose record was erased. It is never used again: set the unit aside and ask the security officer.',
  ),
  // scanners and labels
  'scan.unreadable': row(
    'operator',
    true,
    'What came from the scanner is no label that could be read. Scan it again; if it repeats, print the label again.',
  ),
  'scan.no-serial': row(
    'operator',
    false,
    'The label names no single serial number (GS1 AI 21). Scan the label that has the serial number of the unit.',
  ),
  'scan.checksum': row(
    'operator',
    true,
    'The check character of {serial} is wrong: it was read or typed wrongly. Scan it again; if it repeats, print the label again.',
  ),
  'scan.unknown-command': row(
    'operator',
    false,
    'There is no command {code}. Scan one of the command barcodes of this version.',
  ),
  'scanner.gone': row('station', true, 'Scanner {scanner} is not there. Plug it in; it is used again by itself.'),
  'light.unreachable': row(
    'station',
    true,
    'Stack light {light} cannot be set ({reason}). Lanes work on, and it is tried again by itself.',
  ),
  'scanner.refused': row(
    'station',
    true,
    'Scanner {scanner} could not be opened: {reason}. Close the program that uses it; it is tried again by itself.',
  ),
  // orders and runs
  'order.unknown': row('operator', false, 'There is no order {order}.'),
  'order.full': row('operator', false, 'The order {order} is complete: {quantity} units were made.'),
  'order.closed': row('operator', false, 'The order {order} is closed.'),
  'order.file-refused': row(
    'operator',
    false,
    'The file {file} has problems: {problems}, the first in line {line}. Nothing was created. Mend the file and import it again.',
  ),
  'order.file-unreadable': row(
    'operator',
    true,
    'The file {file} cannot be read as text (UTF-8, at most 10 MB). Save it as CSV in UTF-8 and choose it again.',
  ),
  'recipe.unknown': row(
    'operator',
    false,
    'The station does not have this recipe. Choose another one, or the file that it is in.',
  ),
  'order.not-armed': row(
    'operator',
    false,
    'The order {order} is not armed: its key was not yet compared with the cloud, and no lead accepted that. Ask a lead.',
  ),
  'order.key-differs': row(
    'operator',
    false,
    'The key {label} of this station is not the key of the group {group} in the cloud. No unit may be made with it.',
  ),
  'order.not-comparable': row(
    'operator',
    false,
    'What {target} has for the order {order} cannot be read from here. Compare it there, then arm the order with --accept.',
  ),
  'unit.unknown': row('operator', false, 'No open order has a unit {serial}. Check the label or the order.'),
  'unit.ambiguous': row('operator', false, 'Several open orders have a unit {serial}; choose the order.'),
  'export.no-entries': row(
    'operator',
    false,
    'The audit trail has no entry about a unit {serial} yet: it was never run. Check the serial number and the order.',
  ),
  'unit.finished': row('operator', false, 'The unit {serial} was already finished at {at}.'),
  'unit.busy': row('operator', true, 'The unit {serial} is being made on lane {lane} right now.'),
  // labels
  'label.unknown-template': row(
    'station',
    false,
    'This station has no template {template} for labels. Correct the recipe, or add the template to station.json.',
  ),
  'label.no-printer': row(
    'station',
    false,
    'There is no printer for this label: {what}. Correct the printers in station.json, or name another one.',
  ),
  'label.none': row('operator', false, 'The recipe of {serial} has no label.'),
  'label.not-passed': row('operator', false, '{serial} gets no label: it has not passed.'),
  'label.cannot': row(
    'station',
    false,
    'The label cannot be made: {what}: {reason}. Correct the template or the order.',
  ),
  'printer.gone': row(
    'station',
    true,
    'The printer {printer} cannot be reached. Check its power and its cable; labels wait for it.',
  ),
  'printer.refused': row('station', true, 'The printer {printer} could not be used: {reason}. Labels wait for it.'),
  'printer.silent': row(
    'station',
    true,
    'The printer {printer} does not say how it is. Switch it off and on; where it never does, set status: false in station.json.',
  ),
  'printer.paper-out': row(
    'station',
    true,
    'The printer {printer} has no labels left. Put in a new roll; what waits is printed by itself.',
  ),
  'printer.head-open': row(
    'station',
    true,
    'The printer {printer} is open. Close its head; what waits is printed by itself.',
  ),
  'printer.not-ready': row('station', true, 'The printer {printer} prints nothing: {reason}. Labels wait for it.'),
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
  'recipe.not-approved': row(
    'operator',
    false,
    'The recipe {recipe} is not in force: a lead and a security officer must approve it first.',
  ),
  'recipe.unsupported': row('operator', false, 'This station cannot run the recipe: {what}.'),
  'recipe.version-taken': row(
    'operator',
    false,
    'There is another recipe {recipe} of version {version} already. Give this one the next version.',
  ),
  // set-up and settings
  'setup.first': row(
    'operator',
    true,
    'This station is not set up yet, so it cannot do {method}. Finish the set-up first.',
  ),
  'setup.done': row('operator', true, 'This station is set up already. Load the page again to see it.'),
  'setup.busy': row('operator', true, 'The station is being made right now. Wait for it.'),
  'setup.no-pin': row('operator', true, 'The HSM was not unlocked for this token. Choose the token and type its PIN.'),
  'settings.units': row(
    'operator',
    true,
    'Lane {lane} makes a unit right now. Wait for its verdict, then start the station again.',
  ),
  'settings.same-port': row(
    'operator',
    true,
    '{one} and {other} are two names of one port. Give every lane and every scanner a port of its own.',
  ),
  'settings.no-restart': row(
    'operator',
    false,
    'This station was started by a command. Stop it there and start it again: birthmark serve.',
  ),
  'settings.failed': row(
    'station',
    true,
    'The settings could not be written ({reason}). Nothing has changed. Free the disk or give the right to write, then save them again.',
  ),
  // the HSM
  'hsm.locked': row('station', true, 'The HSM is locked. The security officer must unlock it.'),
  'hsm.down': row('station', true, 'The HSM does not answer ({what}). Lanes wait; call the security officer.'),
  'hsm.ambiguous': row(
    'station',
    true,
    'The answer of the HSM to a signature was lost ({what}). It counts as possibly issued. Scan the unit again; if it repeats, call the security officer.',
  ),
  'hsm.not-unwrapped': row(
    'operator',
    false,
    'The wrapped key {label} does not open: it was changed, or wrapped with another key or in another way.',
  ),
  'hsm.key-missing': row('station', false, 'The HSM has no key {label}. Call the security officer.'),
  'hsm.key-ambiguous': row('station', false, 'The HSM has several keys {label}. Call the security officer.'),
  'hsm.key-differs': row(
    'station',
    false,
    'The HSM key {label} is not the one that was set up (its check value differs). Call the security officer.',
  ),
  'hsm.key-attribute': row(
    'station',
    false,
    'The HSM key {label} must have {attribute} = {expected}, it has {found}. It is not used.',
  ),
  'hsm.key-exists': row('operator', false, 'The HSM already has a key {label}. Keys are never overwritten.'),
  'hsm.public-sample': row('operator', false, 'This key is printed in public documents. Production does not take it.'),
  'hsm.key-length': row('operator', false, 'A group key has 16 to 64 bytes; this one has {found}.'),
  'hsm.pin': row('operator', false, 'The HSM refused the PIN ({reason}). It is not tried again.'),
  'hsm.refused': row('station', false, 'The HSM refused {what}: {reason}.'),
  'hsm.unsupported': row('station', false, 'The HSM cannot do {what}.'),
  'hsm.unsealable': row(
    'station',
    false,
    'A sealed secret could not be opened ({what}): it was changed, or sealed by another key.',
  ),
  // the intermediate CA
  'ca.unknown': row('operator', false, 'This station has no intermediate CA {issuer}.'),
  'ca.not-ready': row(
    'station',
    false,
    'The intermediate CA {issuer} cannot sign: {reason}. Call the security officer.',
  ),
  'ca.csr-refused': row(
    'unit',
    false,
    'The certificate request is refused: {rule}; found {found}. Nothing was signed.',
  ),
  'ca.profile': row('operator', false, 'The certificate profile is not allowed: {rule}; found {found}.'),
  'ca.lint': row(
    'bug',
    false,
    'The certificate would break a rule ({rule}; found {found}). Nothing was signed. Call the security officer.',
  ),
  'ca.chain': row('operator', false, 'The certificate chain is refused at {which}: {rule}.'),
  'ca.clock': row(
    'station',
    false,
    'The clock of the station cannot be right ({reason}). Nothing is signed until it is set; call the line lead.',
  ),
  'ca.key-taken': row(
    'unit',
    false,
    'A certificate with this public key exists already, for another unit or its device. Set the unit aside.',
  ),
  'ca.serial-taken': row(
    'station',
    true,
    'The random generator gave a serial number that was used before. Nothing was signed. If it repeats, call the security officer.',
  ),
  'ca.signature-wrong': row(
    'station',
    false,
    'What the HSM signed is not what it was asked to sign ({what}). The certificate is not used. Call the security officer.',
  ),
  'ca.quota': row('operator', false, 'The quota of {what} is used up: {quota} certificates.'),
  'ca.no-certificate': row('operator', false, 'There is no certificate {certificate} that could be {what}.'),
  'store.none': row(
    'operator',
    false,
    'The store {store} has no certificate for the registration ID {registrationId} ({why}). Import one, then scan the unit again.',
  ),
  'store.empty': row(
    'operator',
    false,
    'The store {store} has no certificate for any unit of the order {order}. Import them first.',
  ),
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
  'order.first-article': row(
    'operator',
    true,
    'The first unit of recipe {recipe}, version {version}, is {serial}: a lead looks at it and approves it on the Recipes screen before another one is made.',
  ),
  // packing
  'packing.label': row(
    'operator',
    true,
    'The label that was scanned is not that of the unit {serial}. Scan the label of the unit that is being packed.',
  ),
  'packing.no-key': row(
    'operator',
    false,
    'The unit {serial} must not ship: its recipe wants a TPM, and no endorsement key of it is on record. Set it aside for the lead.',
  ),
  'packing.short-lived': row(
    'operator',
    false,
    'The unit {serial} must not ship: its certificate is good for {days} days, and the recipe wants {wanted}. Set it aside for the lead.',
  ),
  'packing.no-receipt': row(
    'cloud',
    true,
    'The unit {serial} must not ship yet: the cloud has not said that it knows it. Wait for the uploads, then scan it again.',
  ),
  'packing.shut-out': row(
    'operator',
    false,
    'The unit {serial} must not ship: in the cloud it is disabled or taken out. Set it aside for the lead.',
  ),
  'unit.scrapped': row('operator', false, 'The unit {serial} was scrapped at {at}. It is never made again.'),
  'unit.chain-differs': row(
    'unit',
    true,
    'The certificate that the unit reads back is not the one that was written. Scan it again; if it repeats, set it aside.',
  ),
  // the cloud
  'cloud.unreachable': row(
    'cloud',
    true,
    'The cloud cannot be reached ({reason}). Nothing is lost: uploads wait and go on by themselves.',
  ),
  'cloud.throttled': row('cloud', true, 'The cloud asked us to wait {seconds} s.'),
  'cloud.failed': row('cloud', true, 'The cloud answered {status}. Uploads go on by themselves.'),
  'cloud.refused': row('cloud', false, 'The cloud refused the station ({status}). {advice} Uploads wait for a person.'),
  'cloud.rejected': row('cloud', false, 'The cloud refused this entry ({status}, {reason}). It waits for a person.'),
  'cloud.malformed': row('cloud', true, 'The cloud sent an answer that is none ({what}). It counts as not done.'),
  'cloud.different': row(
    'cloud',
    false,
    'The cloud already has another entry under this ID ({what}). It is never overwritten; a person decides.',
  ),
  'cloud.no-group': row('cloud', false, 'The enrollment group {group} is not in the cloud. Its owner must create it.'),
  'cloud.by-hand': row(
    'cloud',
    false,
    '{target} takes no {what} from here. Do it there by hand; the entry waits for a person.',
  ),
  'cloud.private-key': row('bug', false, 'An upload held a private key and was stopped. Call the security officer.'),
  'cloud.too-large': row(
    'cloud',
    false,
    'What is to be sent has {bytes} bytes, and the service takes {most}. The recipe asks for too much in its enrollment.',
  ),
  'cloud.key-in-body': row(
    'bug',
    false,
    'An upload held a key or a connection string where none belongs, and was stopped. Call the security officer.',
  ),
  'cloud.not-configured': row(
    'operator',
    false,
    'This station has no cloud connection ({what}). Add it to station.json.',
  ),
  'webhook.unreachable': row(
    'cloud',
    true,
    'The webhook {name} cannot be reached ({reason}). Its messages wait and go on by themselves.',
  ),
  'webhook.failed': row(
    'cloud',
    true,
    'The webhook {name} answered {status}. The message is sent again by itself, and waits for a person in the end.',
  ),
  'sync.not-parked': row('operator', false, 'Row {row} does not wait for a person (any more).'),
  'sync.not-replaceable': row(
    'operator',
    false,
    'Row {row} does not wait because of another entry under its ID: retry or discard it.',
  ),
  'sync.changed': row(
    'operator',
    false,
    'The other entry of row {row} is not the one that you looked at. Look at it again: birthmark sync parked.',
  ),
  'group.unknown': row('operator', false, 'No order of this station has units of the enrollment group {group}.'),
  'unit.unmade': row('operator', false, 'The unit {serial} has no registration ID yet: the cloud does not know it.'),
  // files for whoever enrols by hand
  'folder.failed': row(
    'station',
    true,
    'The folder {folder} cannot be written ({reason}). Nothing is lost: free the disk or give the right back; it goes on by itself.',
  ),
  'folder.changed': row(
    'station',
    false,
    'The file {file} does not say any more what was written into it. It is not written over; compare it, then call the lead.',
  ),
  'folder.key': row(
    'operator',
    false,
    'The key of a unit is written into no file. Use the target dps, or carry it in a bundle: birthmark sync bundle.',
  ),
  // the air gap
  'bundle.no-applier': row(
    'operator',
    false,
    'No applier is pinned here that a bundle could be made for: birthmark sync pin-applier. Two people.',
  ),
  'bundle.fingerprint': row(
    'operator',
    false,
    'The keys in {file} have another fingerprint than the one that was typed: they were swapped, or it was mistyped. Nothing was pinned.',
  ),
  'bundle.nothing': row('operator', false, 'No row waits that could go into a bundle.'),
  'bundle.busy': row('operator', true, 'A bundle is being made right now. Wait for it.'),
  'bundle.unknown': row('operator', false, 'This station has no open bundle {sequence}.'),
  'bundle.forged': row(
    'operator',
    false,
    'The {what} is not signed by {whom}: it was changed, or comes from somebody else. Nothing was done with it.',
  ),
  'bundle.foreign': row('operator', false, 'The {what} is for {whom}. Nothing was done with it.'),
  'bundle.unknown-station': row(
    'operator',
    false,
    'The station {station} is not trusted here. Get its public file and, by another way, its fingerprint: birthmark applier trust.',
  ),
  'bundle.trusted-otherwise': row(
    'operator',
    false,
    'Another key is trusted here for the station {station}. Keys never change; call the security officer.',
  ),
  'bundle.expired': row(
    'operator',
    false,
    'The bundle {sequence} expired ({at}). Nothing was sent from it; make a new one at the station.',
  ),
  'bundle.replayed': row(
    'operator',
    false,
    'The bundle {sequence} of {station} is no newer than the bundle {last}, which was taken, and is another one. Nothing was done with it.',
  ),
  'bundle.gap': row(
    'operator',
    false,
    'The bundle {sequence} of {station} follows the bundle {previous}, and the last one taken here is {last}. Carry the missing one first; if it is lost for good, say --accept-gap.',
  ),
  'bundle.older-head': row(
    'operator',
    false,
    'The bundle {sequence} of {station} comes from an older copy of the station: its audit trail had {last} entries before, and has {size} or others now. Nothing was done with it; call the security officer.',
  ),
  'bundle.no-applier-folder': row('operator', false, 'There is no applier in {folder}: birthmark applier init.'),
  'receipts.unknown': row(
    'operator',
    false,
    'These receipts are for no bundle of this station. Nothing was done with them.',
  ),
  'receipts.stale': row(
    'operator',
    false,
    'These receipts for the bundle {sequence} are number {number}, and number {last} were taken before. Nothing was done with them.',
  ),
  'receipts.partial': row(
    'operator',
    false,
    'These receipts for the bundle {sequence} speak of {found} rows, and not of the {expected} that it has. Nothing was done with them.',
  ),
  // erasing what names people and units
  'privacy.unknown': row(
    'operator',
    false,
    'The records know no {what} of this name: it was never here, or it was erased.',
  ),
  'privacy.held': row(
    'operator',
    false,
    'The legal hold {hold} keeps these records. Two people end it first: birthmark privacy release {hold}.',
  ),
  'privacy.no-hold': row('operator', false, 'There is no legal hold {hold} in force.'),
  'privacy.waits': row(
    'operator',
    true,
    '{rows} rows of the unit wait for the cloud. Send them (birthmark sync run), or retry or discard those that wait for a person; then erase the unit.',
  ),
  'privacy.working': row('operator', true, 'The person makes a unit right now. Wait for its verdict, then erase.'),
  'privacy.only-one': row(
    'operator',
    false,
    'The person is the only {role} who can sign in: nobody could do this work any more. Add another one first.',
  ),
  'privacy.still-read': row(
    'station',
    true,
    'It is erased, and old pages are still in station.db-wal since another program reads the database. End it (audit verify, fsck, backup); the station tries again every hour and at its next start.',
  ),
  // backups
  'backup.exists': row('operator', false, 'There is something at {folder} already. A backup is a new folder.'),
  'backup.busy': row('operator', true, 'A backup is being made right now. Wait for it.'),
  'backup.failed': row(
    'station',
    true,
    'The backup could not be written to {folder} ({reason}). Free the medium or take another one, then make it again.',
  ),
  'backup.damaged': row(
    'station',
    false,
    'The backup does not hold: {file}: {reason}. Take another backup; if it was just made, run birthmark fsck and call the lead.',
  ),
  'backup.expired': row(
    'operator',
    false,
    'The backup expired at {at}: what was erased before and is in it would be back. Take a newer one; if there is none, say --expired.',
  ),
  'backup.not-empty': row(
    'operator',
    false,
    'The folder {folder} is not empty. Choose a new one, or say --replace: what is there is kept aside.',
  ),
  // the station
  'station.held': row('operator', false, 'Another station process ({holder}) already holds this folder.'),
  'station.no-folder': row('operator', false, 'There is no station in {folder}.'),
  'station.config': row('operator', false, 'station.json, {place}: expected {expected}, found {found}.'),
  'station.mode': row('operator', false, '{what} is not allowed in {mode} mode.'),
  'station.stopping': row('station', true, 'The station is stopping. Start it again, then scan the unit again.'),
  'station.altered': row(
    'station',
    false,
    'The program is not as it was delivered ({file}), so it makes no units. Install it again, and tell whoever looks after this computer.',
  ),
  'store.failed': row(
    'station',
    true,
    'The station could not write its record ({reason}). Nothing leaves without a record; free the disk or call the lead.',
  ),
  'audit.too-long': row(
    'bug',
    false,
    'The entry {action} of the audit trail would have {bytes} bytes, more than there may be. Nothing was done; call the lead.',
  ),
  'store.damaged': row('station', false, 'The record {what} is damaged: {reason}.'),
  'audit.damaged': row(
    'station',
    false,
    'The audit trail is damaged ({place}: {reason}). Nothing is made or signed. Call the security officer and an auditor.',
  ),
  'audit.older': row(
    'station',
    false,
    'This station is older than {anchor}, which knows a head of {size} entries (here are {here}): an old copy of its database was put back. Lanes, certificates and lists are stopped. Put the newest database back; if it is lost, two people reconcile: birthmark audit reconcile --size {size} --root {root}.',
  ),
  'audit.forked': row(
    'station',
    false,
    'The audit trail of this station is another one than {anchor} knows at {size} entries (here are {here}). Lanes, certificates and lists are stopped. Find the right database; if there is none, two people reconcile: birthmark audit reconcile --size {size} --root {root}.',
  ),
  'audit.not-stopped': row(
    'operator',
    false,
    'The audit trail is not stopped by a head of {size} entries with this root. Look again at why it is stopped: birthmark audit anchors.',
  ),
  'audit.no-entry': row('operator', false, 'The audit trail has no entry {seq}: it has {entries} of them, from 0 on.'),
  'audit.unsigned': row(
    'station',
    true,
    'The head of the audit trail could not be signed. See that the HSM is ready and the audit trail is not stopped, then do it again.',
  ),
  'audit.not-written': row(
    'station',
    true,
    'The export could not be written into {folder} ({reason}). Free the disk or give the right to write there, then do it again.',
  ),
  'rpc.closed': row('station', true, 'The connection to the station was lost. It comes back by itself.'),
  'rpc.deadline': row('station', true, 'The station did not answer in {ms} ms.'),
  internal: row(
    'bug',
    false,
    'Something went wrong that we did not foresee (incident {incident}). The log has the details; call the lead.',
  ),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errors;
export type Details = Readonly<Record<string, string | number | boolean>>;

/** An error as it travels: over the contract, into the journal, onto the screen. */
export type ErrorData = { readonly code: ErrorCode; readonly details: Details };

/** The one error class. `details` fill the sentence and must not hold a secret; the cause stays on this side of the contract. */
export class StationError extends Error {
  override readonly name = 'StationError';
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: { cause?: unknown }) {
    super(sentence({ code, details }), options);
    this.code = code;
    this.details = details;
  }

  get blame(): Blame {
    return errors[this.code].blame;
  }

  toData(): ErrorData {
    return { code: this.code, details: this.details };
  }
}

/** The sentence for the person at the line, with the details filled in; an unknown word stays visible as `?`. */
export function sentence(error: ErrorData): string {
  return errors[error.code].says.replace(/\{(\w+)\}/g, (_, word: string) => String(error.details[word] ?? '?'));
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

/**
 * Any thrown thing as a StationError. What we did not foresee becomes `internal` with the given incident number; its
 * text stays in the cause, for the log, since a library's message may quote what it was given.
 */
export function asStationError(thrown: unknown, incident: () => string): StationError {
  if (thrown instanceof StationError) return thrown;
  return new StationError('internal', { incident: incident() }, { cause: thrown });
}

function row(blame: Blame, retry: boolean, says: string): Row {
  return { blame, retry, says };
}
