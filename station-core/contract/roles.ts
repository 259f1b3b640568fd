import type { Method } from './api.ts';
import type { Role } from './record.ts';

/** Who may make a call, and who else must agree to exactly this operation, if anybody. */
export type Rule = {
  readonly who: readonly Role[] | 'anyone';
  readonly second?: readonly Role[];
};

const everyone: readonly Role[] = ['technician', 'lead', 'security-officer', 'auditor'];
const line: readonly Role[] = ['technician', 'lead'];

/**
 * The table of calls and roles. `anyone` needs no sign-in: what is behind it shows nothing of units or people.
 * Key import needs a second person (docs/promises.md F).
 */
export const rules = {
  'operators.signIn': { who: 'anyone' },
  'operators.signOut': { who: 'anyone' },
  // Whoever adds people alone could make their own second person.
  'operators.add': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  'operators.active': { who: everyone },
  // Whoever has somebody's code can be that person once.
  'operators.reset': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  // It gives five more tries, and no right.
  'operators.unlock': { who: ['lead', 'security-officer'] },
  'operators.leave': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  'operators.changeRole': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  // A badge only names who it is.
  'operators.badge': { who: ['lead', 'security-officer'] },
  'operators.prefer': { who: everyone },
  'operators.list': { who: ['lead', 'security-officer', 'auditor'] },
  'station.describe': { who: 'anyone' },
  'approvals.approve': { who: everyone },
  'station.view': { who: everyone },
  'events.follow': { who: everyone },
  'recipes.approve': { who: ['lead'], second: ['security-officer'] },
  'recipes.list': { who: everyone },
  'recipes.show': { who: everyone },
  'recipes.check': { who: ['lead', 'security-officer'] },
  'recipes.approveFirst': { who: ['lead'] },
  // Without effect on units until two people approve it.
  'recipes.save': { who: ['lead', 'security-officer'] },
  'orders.create': { who: ['lead'] },
  'orders.list': { who: everyone },
  'orders.arm': { who: ['lead'] },
  'orders.preview': { who: ['lead'] },
  'orders.import': { who: ['lead'] },
  'orders.figures': { who: everyone },
  'orders.units': { who: everyone },
  'orders.find': { who: everyone },
  'orders.quarantine': { who: everyone },
  'orders.parked': { who: everyone },
  'orders.close': { who: ['lead'] },
  'orders.reopen': { who: ['lead'] },
  'run.start': { who: line },
  'run.abort': { who: line },
  'run.show': { who: everyone },
  'run.output': { who: everyone },
  'sync.run': { who: line },
  // It names units, and compares keys.
  'sync.compareCentral': { who: ['lead', 'security-officer', 'auditor'] },
  'hub.lines': { who: ['lead', 'security-officer'] },
  // Keys leave the station.
  'hub.keyLines': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'hub.module': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'sync.parked': { who: everyone },
  'sync.reconcile': { who: ['lead', 'security-officer', 'auditor'] },
  'sync.retry': { who: ['lead'] },
  // It ends somebody else's enrollment.
  'sync.replace': { who: ['lead'], second: ['security-officer', 'lead'] },
  'sync.discard': { who: ['lead'] },
  'sync.look': { who: everyone },
  // Whoever agrees to lose an entry looks at it first.
  'sync.compare': { who: ['lead', 'security-officer'] },
  'sync.check': { who: everyone },
  // Whoever chooses the applier chooses who gets the keys of units.
  'bundle.pinApplier': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'bundle.identity': { who: ['lead', 'security-officer', 'auditor'] },
  'bundle.make': { who: ['lead', 'security-officer'] },
  'bundle.again': { who: ['lead', 'security-officer'] },
  'bundle.receipts': { who: ['lead', 'security-officer'] },
  'bundle.list': { who: everyone },
  'privacy.look': { who: ['lead', 'security-officer'] },
  // Personal data leave, or are gone for good.
  'privacy.export': { who: ['security-officer', 'auditor'], second: ['security-officer', 'lead'] },
  'privacy.erase': { who: ['security-officer'], second: ['lead'] },
  'privacy.hold': { who: ['security-officer'], second: ['lead'] },
  'privacy.release': { who: ['security-officer'], second: ['lead'] },
  'privacy.holds': { who: ['lead', 'security-officer', 'auditor'] },
  // Whoever reads the folder can copy it; the entry says who did.
  'backup.note': { who: ['lead', 'security-officer'] },
  'backup.make': { who: ['lead', 'security-officer'] },
  'backup.list': { who: ['lead', 'security-officer', 'auditor'] },
  'audit.verify': { who: ['lead', 'security-officer', 'auditor'] },
  'audit.export': { who: ['lead', 'security-officer', 'auditor'] },
  // An export with personal data (docs/promises.md F).
  'audit.exportNamed': { who: ['security-officer', 'auditor'], second: ['security-officer', 'lead'] },
  // Names of people are shown to whoever may export them, and to nobody else.
  'audit.search': { who: ['lead', 'security-officer', 'auditor'] },
  'audit.entry': { who: ['lead', 'security-officer', 'auditor'] },
  'unit.story': { who: ['lead', 'security-officer', 'auditor'] },
  // Whoever could change the key alone could make another log.
  'audit.rotateKey': { who: ['security-officer'], second: ['lead', 'auditor'] },
  'audit.beginOrigin': { who: ['security-officer'], second: ['lead', 'auditor'] },
  // Whoever ends a shift writes its code into the book.
  'audit.checkpoint': { who: everyone },
  'audit.compare': { who: ['lead', 'security-officer', 'auditor'] },
  'audit.anchors': { who: everyone },
  // It gives up what another log says.
  'audit.reconcile': { who: ['security-officer'], second: ['lead'] },
  // The PIN is the right: while the HSM is locked nobody can sign in, since PINs are checked with its pepper key.
  'hsm.unlock': { who: 'anyone' },
  'hsm.inspect': { who: ['lead', 'security-officer', 'auditor'] },
  'hsm.makeUnwrappingKey': { who: ['security-officer'], second: ['lead'] },
  'hsm.unwrapGroupKey': { who: ['security-officer'], second: ['lead'] },
  'hsm.importGroupKey': { who: ['security-officer'], second: ['lead'] },
  // Two custodians; the witness is a third person, which the ceremony checks.
  'ca.begin': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.witness': { who: ['auditor', 'lead', 'security-officer'] },
  'ca.import': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.practiceSign': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.verify': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  // The order, its recipe and its quota were agreed to before.
  'ca.issue': { who: ['lead', 'security-officer'] },
  'clock.confirm': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  'clock.show': { who: everyone },
  'ca.find': { who: ['lead', 'security-officer', 'auditor'] },
  'ca.expiring': { who: ['lead', 'security-officer', 'auditor'] },
  'ca.ceremony': { who: ['lead', 'security-officer', 'auditor'] },
  'ca.module': { who: ['lead', 'security-officer'] },
  'ca.renew': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.revoke': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'unit.scrap': { who: ['lead'], second: ['security-officer', 'lead'] },
  'unit.look': { who: everyone },
  'unit.release': { who: ['lead'] },
  'unit.rework': { who: ['lead'] },
  // Another credential under the same name.
  'unit.replace': { who: ['lead'], second: ['security-officer', 'lead'] },
  'unit.ship': { who: line },
  'unit.open': { who: everyone },
  'unit.disable': { who: ['lead', 'security-officer'] },
  'unit.enable': { who: ['lead', 'security-officer'] },
  'unit.rollKey': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'unit.reprovision': { who: ['lead'], second: ['security-officer', 'lead'] },
  'unit.deprovision': { who: ['lead'], second: ['security-officer', 'lead'] },
  'group.disable': { who: ['lead'], second: ['security-officer', 'lead'] },
  'group.enable': { who: ['lead'], second: ['security-officer', 'lead'] },
  'group.roll': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'group.delete': { who: ['lead'], second: ['security-officer', 'lead'] },
  'ca.crl': { who: ['lead', 'security-officer'] },
  'ca.quota': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.retire': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.destroy': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'ca.lastCrl': { who: ['lead', 'security-officer', 'auditor'] },
  'ca.record': { who: ['lead', 'security-officer', 'auditor'] },
  // It names units: an export with personal data (docs/promises.md F).
  'ca.export': { who: ['security-officer', 'auditor'], second: ['security-officer', 'lead'] },
  'ca.list': { who: ['lead', 'security-officer', 'auditor'] },
  // It brings keys in, or says whose keys are trusted.
  'store.import': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'store.importList': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'store.list': { who: everyone },
  // It says which TPMs are let in.
  'tpm.importList': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'tpm.lists': { who: everyone },
  // It goes into units, or opens them.
  'secret.set': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'secret.list': { who: ['lead', 'security-officer', 'auditor'] },
  // Whoever has a key reads results and writes orders, at any hour.
  'mes.addKey': { who: ['security-officer'], second: ['security-officer', 'lead'] },
  'mes.revokeKey': { who: ['lead', 'security-officer'] },
  'mes.look': { who: ['lead', 'security-officer', 'auditor'] },
  'mes.retry': { who: ['lead', 'security-officer'] },
  'mes.discard': { who: ['lead'] },
  // A folder without a station has no people, and nothing that anybody could be told; a station refuses these calls.
  'setup.look': { who: 'anyone' },
  'setup.useToken': { who: 'anyone' },
  'setup.checkCloud': { who: 'anyone' },
  'setup.create': { who: 'anyone' },
  'ports.list': { who: ['lead', 'security-officer'] },
  'settings.show': { who: ['lead', 'security-officer', 'auditor'] },
  // Whoever moves a lane decides which fixture it speaks to; whoever raises the budget, what the cloud bills.
  'settings.change': { who: ['lead', 'security-officer'], second: ['lead', 'security-officer'] },
  'settings.restart': { who: ['lead', 'security-officer'] },
  'lane.release': { who: ['lead'] },
  'lane.arm': { who: line },
  'lane.disarm': { who: line },
  'labels.look': { who: everyone },
  'label.preview': { who: everyone },
  'label.test': { who: line },
  // Who can print a label twice can put it on two units: the entry says who did.
  'label.reprint': { who: line },
  'label.file': { who: line },
  // Before a sign-in it gives badges alone: a person shows who they are.
  'scanners.take': { who: 'anyone' },
} as const satisfies Record<Method, Rule>;

export const ruleOf = (method: Method): Rule => rules[method];
