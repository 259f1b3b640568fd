import { type Blame, type Details, type ErrorData, sentence } from '../station-core/contract/errors.ts';
import type { Unplaced } from './desk.ts';
import type { Look } from './looks.ts';

// Every English text of the screens, in one table, so that another language is another table. Sentences about errors
// come from the contract.

const words: Readonly<Record<Look, string>> = {
  ready: 'READY',
  busy: 'WORKING',
  passed: 'PASS',
  failed: 'FAIL',
  errored: 'ERROR',
  aborted: 'ABORTED',
  indeterminate: 'CHECK',
};

const blame: Readonly<Record<Blame, string>> = {
  unit: 'the unit',
  operator: 'the operator',
  station: 'the station',
  cloud: 'the cloud',
  bug: 'this software',
};

const steps: Readonly<Record<string, string>> = {
  greet: 'Greet',
  identify: 'Identify',
  endorse: 'TPM key',
  challenge: 'Genuine',
  claim: 'Claim',
  own: 'Own',
  provision: 'Provision',
  prepare: 'Prepare',
  release: 'Release',
  request: 'Request',
  issue: 'Certify',
  install: 'Install',
  present: 'Certificate',
  adopt: 'Keep',
  draw: 'Draw',
  prove: 'Prove',
  configure: 'Configure',
  lock: 'Lock',
};

const unplaced: Readonly<Record<Unplaced, string>> = {
  offline: 'Not taken: there is no connection to the station. Scan it again when the connection is back.',
  'no-lane': 'Not taken: every lane is working. Wait for a verdict, then scan it again.',
};

/** The contract's sentence, with its times as people here read them. */
function told({ code, details }: ErrorData): string {
  const entries = Object.entries(details).map(([name, value]) => [name, isTime(value) ? dateTime(value) : value]);
  return sentence({ code, details: Object.fromEntries(entries) as Details });
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);

// A time with its day unless it is today; 24 hours, so that no shift confuses two.
function dateTime(iso: string): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB');
  return at.toDateString() === new Date().toDateString()
    ? `${time} today`
    : `${time} on ${at.toLocaleDateString('en-GB')}`;
}

export const text = {
  told,
  words,
  unplaced,
  step: (name: string): string => steps[name] ?? name,
  blame: (who: Blame): string => `Cause: ${blame[who]}`,
  lane: (lane: number): string => `Lane ${lane}`,
  lanes: (lanes: readonly number[]): string =>
    lanes.length <= 6 ? `Lane${lanes.length === 1 ? '' : 's'} ${lanes.join(', ')}` : `${lanes.length} lanes`,
  practice: 'PRACTICE',
  practiceMeans: 'nothing here is real',
  production: 'Production',
  connection: { connecting: 'Connecting …', online: 'Connected', lost: 'NO CONNECTION' },
  scanPrompt: 'Scan a unit',
  goesTo: (lane: number): string => `to lane ${lane}`,
  noLane: 'every lane is working',
  typing: 'Enter sends it, Escape clears it',
  startedOn: (lane: number): string => `on lane ${lane}`,
  sending: (lane: number): string => `to lane ${lane} …`,
  again: 'the same label again, ignored',
  next: 'NEXT SCAN',
  selected: 'SELECTED',
  select: (lane: number): string => `Lane ${lane}: send the next scan here`,
  release: (lane: number): string => `Both units are set aside: release lane ${lane}`,
  unplugged: 'NO FIXTURE',
  hsm: 'HSM',
  hsmIs: { ready: 'ready', locked: 'LOCKED', down: 'DOWN' },
  hsmTakes: (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  noNews: 'NO NEWS',
  noNewsMeans: 'This unit was being made when the connection was lost. Leave it on the fixture.',
  quarantine: 'Nobody knows whether this unit took its identity. It may not ship: scan it again, or call a lead.',
  ms: (ms: number): string =>
    ms < 1 ? '< 1 ms' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`,
  seconds: (seconds: number): string => `${seconds} s`,
  notListening: 'SCANNER NOT LISTENING',
  notListeningMeans: 'Another window has the keyboard. Click here, then scan.',
  lost: 'CONNECTION LOST',
  lostMeans: (at: string): string =>
    `Since ${at}. Trying again by itself. If the station was started anew, open the address that it shows.`,
  lostInWindow: (at: string, problem: ErrorData | undefined): string =>
    `Since ${at}. ${problem ? `${told(problem)} Ctrl+R tries again.` : 'The station is started again by itself.'}`,
  labels: 'Labels to scan',
  labelsMean: 'Scan, type or press one. A label that ends in X sticks on a wrong unit.',
  noLabels: 'Every unit of the practice order is made. Start the practice line again for another.',
  order: 'Order',
  noOrder: 'No open order',
  ofTarget: (finished: number, quantity: number): string => `${finished} of ${quantity}`,
  yield: 'This session',
  noYield: 'no unit yet',
  yieldIs: (percent: number | undefined, passed: number, failed: number): string =>
    `${percent === undefined ? '' : `${percent} % · `}${passed} passed, ${failed} failed`,
  others: (other: number): string => `, ${other} other`,
  cloud: 'Cloud',
  allSent: 'all sent',
  toSend: (count: number): string => `${count} to send`,
  parked: (count: number): string => `${count} wait for a person`,
  sendingNow: 'sending',
  takes: (seconds: number): string =>
    seconds < 90
      ? `${seconds} s left`
      : seconds < 5_400
        ? `${Math.round(seconds / 60)} min left`
        : `${Math.round(seconds / 3_600)} h left`,
  waiting: (until: string): string => `waiting until ${until}`,
  stopped: 'STOPPED',
  unknown: 'not known',
  signIn: {
    title: 'Sign in',
    name: 'Name',
    pin: 'PIN',
    submit: 'Sign in',
    out: 'Sign out',
  },
  unlock: {
    title: 'The HSM is locked',
    means: 'Nobody can sign in and no unit can be made until the security officer unlocks it.',
    pin: "The HSM's PIN",
    submit: 'Unlock',
  },
  noToken: 'This address lacks its token. Open the whole address that the station shows when it starts.',
  connectingTo: 'Connecting to the station …',
  notOpened: 'The station could not be opened. Ctrl+R tries again.',
  time: (iso: string): string => new Date(iso).toLocaleTimeString('en-GB'),
} as const;
