import { base64 } from './attestation/x509.ts';
import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { OutboxAction } from './store/outbox.ts';
import { noteBacklog } from './store/records.ts';

type GroupMethod = Extract<Method, 'group.disable' | 'group.enable' | 'group.roll' | 'group.delete'>;

/** What becomes of an enrollment group of X.509 units, in order behind what waits for it already. */
export function groupHandlers(station: Station): Pick<Handlers, GroupMethod> {
  return {
    'group.disable': ({ group }, by) => change(station, group, by, 'disable-group', { known: known(station) }),
    'group.enable': ({ group }, by) => change(station, group, by, 'enable-group', { known: known(station) }),
    'group.roll': ({ group, issuer }, by) => {
      const { certificate } = station.issuers.ready({ name: issuer }).certificate;
      return change(
        station,
        group,
        by,
        'roll-group',
        { known: known(station), certificate: base64(certificate) },
        { issuer },
      );
    },
    'group.delete': ({ group }, by) => change(station, group, by, 'delete-group', {}),
  };
}

/** Every intermediate that this station ever had a certificate for. */
const known = ({ records }: Station): string[] =>
  records.issuers.all().flatMap(({ chain: [certificate] }) => (certificate ? [base64(certificate)] : []));

/** What the audit calls each change. */
const said = {
  'disable-group': 'group.disabled',
  'enable-group': 'group.enabled',
  'roll-group': 'group.rolled',
  'delete-group': 'group.deleted',
} as const satisfies Partial<Record<OutboxAction, string>>;

async function change(
  station: Station,
  group: string,
  by: By,
  action: keyof typeof said,
  body: object,
  more: { readonly issuer?: string } = {},
): Promise<null> {
  const { records, audit, operators, parts } = station;
  mustBeOfCertificates(station, group);
  await records.commits.commit(() => {
    const row = { target: 'dps', registrationId: group, action, body, credential: null } as const;
    records.outbox.queue({ ...row, dueMs: parts.clock.now() });
    audit.append({ action: said[action], result: 'ok', ...people(operators, by), details: { group, ...more } });
    noteBacklog(records, isoTime(parts.clock));
  });
  station.pump.wake();
  return null;
}

/** A group of one of this station's orders; one with symmetric keys is its owner's alone (docs/decisions.md). */
function mustBeOfCertificates({ records }: Station, group: string): void {
  const found = records.units
    .orders()
    .map(({ id }) => records.units.recipeOf(id).attestation)
    .find((attestation) => attestation.scope === 'group' && attestation.group === group);
  if (!found) throw new StationError('group.unknown', { group });
  if (found.type !== 'x509')
    throw new StationError('recipe.unsupported', { what: 'changes of a group with symmetric keys' });
}
