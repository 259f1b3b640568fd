import type { Mode } from '../../../station-core/contract/record.ts';
import type { SetupPlan } from '../../../station-core/contract/setup.ts';
import type { LanePlace } from '../../../station-core/contract/station-file.ts';
import { wrongLanes } from '../../lanes-of.ts';

/** What was answered so far, as it was typed. Nothing of it has an effect before the last page. */
export type Answers = {
  readonly mode: Mode;
  readonly name: string;
  readonly line: string;
  readonly room: string;
  /** The token that took its PIN. */
  readonly token: { readonly module: string; readonly tokenLabel: string; readonly about: string } | undefined;
  readonly idScope: string;
  readonly deviceEndpoint: string;
  readonly budget: string;
  /** How many lanes a practice line has. */
  readonly simulated: string;
  readonly lanes: readonly LanePlace[];
  readonly lead: string;
  readonly officer: string;
};

export const nothingAnswered: Answers = {
  mode: 'practice',
  name: '',
  line: '',
  room: '',
  token: undefined,
  idScope: '',
  deviceEndpoint: 'global.azure-devices-provisioning.net',
  budget: '200',
  simulated: '4',
  lanes: [],
  lead: '',
  officer: '',
};

const pages = {
  practice: ['mode', 'station', 'lanes', 'overview'],
  production: ['mode', 'station', 'hsm', 'cloud', 'lanes', 'people', 'overview'],
} as const satisfies Readonly<Record<Mode, readonly string[]>>;
export type Page = (typeof pages)[Mode][number];

/** The pages of a mode, in their order. */
export const pagesOf = (mode: Mode): readonly Page[] => pages[mode];

export type Field =
  | 'name'
  | 'token'
  | 'idScope'
  | 'deviceEndpoint'
  | 'budget'
  | 'simulated'
  | 'lanes'
  | 'lead'
  | 'officer';
/** Why an answer cannot stand: a key of `setup.wrong`. */
export type Why =
  | 'needed'
  | 'token'
  | 'idScope'
  | 'host'
  | 'budget'
  | 'count'
  | 'noLanes'
  | 'noPort'
  | 'noPlugs'
  | 'samePort'
  | 'same';
export type Wrong = Readonly<Partial<Record<Field, Why>>>;

/** What keeps a page from being left forwards. Pure. */
export function wrongOn(page: Page, answers: Answers): Wrong {
  switch (page) {
    case 'mode':
    case 'overview':
      return {};
    case 'station':
      return answers.name.trim() === '' ? { name: 'needed' } : {};
    case 'hsm':
      return answers.token ? {} : { token: 'token' };
    case 'cloud':
      return {
        ...(/^[A-Za-z0-9]{3,64}$/.test(answers.idScope.trim()) ? {} : { idScope: 'idScope' }),
        ...(/^[a-z0-9.-]{3,255}$/.test(answers.deviceEndpoint.trim()) ? {} : { deviceEndpoint: 'host' }),
        ...(isWhole(answers.budget, 100_000) ? {} : { budget: 'budget' }),
      };
    case 'lanes':
      return answers.mode === 'practice' ? ofPractice(answers) : ofLanes(answers.lanes);
    case 'people':
      return ofPeople(answers);
  }
}

const ofPractice = ({ simulated }: Answers): Wrong => (isWhole(simulated, 32) ? {} : { simulated: 'count' });

function ofLanes(lanes: readonly LanePlace[]): Wrong {
  const why = wrongLanes(lanes);
  return why === undefined ? {} : { lanes: why };
}

function ofPeople({ lead, officer }: Answers): Wrong {
  const [one, other] = [lead.trim(), officer.trim()];
  return {
    ...(one === '' ? { lead: 'needed' } : {}),
    ...(other === '' ? { officer: 'needed' } : other === one ? { officer: 'same' } : {}),
  };
}

const isWhole = (text: string, most: number): boolean =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;

/** The station that the answers speak of, once no page has anything wrong on it. Pure. */
export function planOf(answers: Answers): SetupPlan {
  const { mode, token, lanes, simulated, budget, lead, officer } = answers;
  const [line, room] = [answers.line.trim(), answers.room.trim()];
  const place = line === '' && room === '' ? {} : { place: { ...(line ? { line } : {}), ...(room ? { room } : {}) } };
  const shared = { name: answers.name.trim(), ...place };
  if (mode === 'practice' || !token) {
    const count = Number(simulated);
    const stands = Array.from({ length: count }, (_, index) => ({ lane: index + 1, kind: 'simulated' as const }));
    return { mode: 'practice', ...shared, lanes: stands };
  }
  return {
    mode,
    ...shared,
    lanes: lanes.map((lane) => (lane.kind === 'serial' ? { ...lane, path: lane.path.trim() } : lane)),
    hsm: { module: token.module, tokenLabel: token.tokenLabel },
    dps: { idScope: answers.idScope.trim(), deviceEndpoint: answers.deviceEndpoint.trim() },
    budgetPerMinute: Number(budget),
    lead: lead.trim(),
    officer: officer.trim(),
  };
}
