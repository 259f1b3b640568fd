import { type Row, row } from './row.ts';

/** What can go wrong with orders, recipes, and what is given to the station. */
export const ordersErrors = {
  'input.invalid': row('operator', false, '{place}: expected {expected}, found {found}.'),
  'input.unknown-call': row('bug', false, 'There is no call {method}.'),
  'identity.invalid': row('operator', false, 'The registration ID {registrationId} is not allowed: {rule}.'),
  'identity.taken': row('operator', false, 'The registration ID {registrationId} is already taken by another unit.'),
  'identity.erased': row(
    'operator',
    false,
    'The {what} is one of a unit whose record was erased. It is never used again: set the unit aside and ask the security officer.',
  ),
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
  'export.no-entries': row(
    'operator',
    false,
    'The audit trail has no entry about a unit {serial} yet: it was never run. Check the serial number and the order.',
  ),
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
  'order.first-article': row(
    'operator',
    true,
    'The first unit of recipe {recipe}, version {version}, is {serial}: a lead looks at it and approves it on the Recipes screen before another one is made.',
  ),
} as const satisfies Record<string, Row>;
