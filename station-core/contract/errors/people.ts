import { type Row, row } from './row.ts';

/** What can go wrong with people: who they are, and what they may. */
export const peopleErrors = {
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
} as const satisfies Record<string, Row>;
