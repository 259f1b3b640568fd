import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { SetUp } from '../../../station-core/contract/setup.ts';
import { languages, useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import { type Answers, nothingAnswered, type Page, pagesOf, planOf, type Wrong, wrongOn } from './answers.ts';
import { CloudPage } from './cloud-page.tsx';
import { Finished } from './finished.tsx';
import { HsmPage } from './hsm-page.tsx';
import { LanesPage } from './lanes-page.tsx';
import { ModePage } from './mode-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PeoplePage } from './people-page.tsx';
import styles from './setup.module.css';
import { StationPage } from './station-page.tsx';

/** What a page of the wizard works with. */
export type PageProps = {
  readonly answers: Answers;
  readonly change: (part: Partial<Answers>) => void;
  /** What keeps the page from being left, once somebody tried to. */
  readonly wrong: Wrong;
};

const shown = {
  mode: ModePage,
  station: StationPage,
  hsm: HsmPage,
  cloud: CloudPage,
  lanes: LanesPage,
  people: PeoplePage,
  overview: OverviewPage,
} as const satisfies Readonly<Record<Page, (props: PageProps) => ReactElement>>;

/** Making and opening a station takes seconds; an HSM over a network may take its time for each key. */
const makingMs = 10 * 60_000;

/** The first-run wizard: answers, page by page, back and forth; the last page makes the station. */
export default function Setup(): ReactElement {
  const { client } = useStation();
  const { t } = useSay();
  const { busy, error, run, forget } = useDo();
  const [answers, setAnswers] = useState(nothingAnswered);
  const [page, setPage] = useState<Page>('mode');
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<SetUp>();
  const pages = pagesOf(answers.mode);
  const at = pages.indexOf(page);
  const wrong = wrongOn(page, answers);
  const turn = (by: 1 | -1) => {
    const stay = by === 1 && Object.keys(wrong).length > 0;
    setTried(stay);
    forget();
    if (!stay) setPage(pages[at + by] ?? page);
  };
  const create = () =>
    run(async () => {
      const done = await client.call('setup.create', planOf(answers), { waitMs: makingMs });
      if (done.people.length === 0) await client.greetAgain();
      else setMade(done);
    });
  const forwards = page === 'overview' ? create : () => turn(1);
  if (made) return <Finished made={made} />;
  const Shown = shown[page];
  return (
    <div className={styles.screen}>
      <Head pages={pages} page={page} />
      <main className={styles.page} onKeyDown={(event) => onEnter(event, forwards)}>
        <Heading page={page} />
        <Shown
          answers={answers}
          change={(part) => setAnswers((before) => ({ ...before, ...part }))}
          wrong={tried ? wrong : {}}
        />
        {busy && <Progress label={t('setup.making')} done={0} total={undefined} />}
        {error && <Problem error={error} />}
      </main>
      <footer className={styles.foot}>
        <p>{t('setup.nothingYet')}</p>
        <div>
          <Button disabled={at === 0 || busy} onPress={() => turn(-1)}>
            {t('setup.back')}
          </Button>
          <Button kind="main" busy={busy} onPress={forwards}>
            {t(page === 'overview' ? 'setup.create' : 'setup.next')}
          </Button>
        </div>
      </footer>
    </div>
  );
}

/** Enter in a field goes on, as everywhere; a page may keep it for itself. */
function onEnter(event: KeyboardEvent, forwards: () => void): void {
  if (event.key !== 'Enter' || event.defaultPrevented || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  forwards();
}

/** Which page this is, read out and under the keyboard when it comes. */
function Heading({ page }: { page: Page }): ReactElement {
  const { t } = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page takes the focus again.
  useEffect(() => heading.current?.focus(), [page]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {t(`setup.pages.${page}`)}
    </h2>
  );
}

/** The title, the language, and where one is among the pages. */
function Head({ pages, page }: { pages: readonly Page[]; page: Page }): ReactElement {
  const { preferences } = useStation();
  const { t } = useSay();
  const { language } = useSyncExternalStore(preferences.subscribe, preferences.get);
  return (
    <>
      <header className={styles.head}>
        <h1>{t('setup.title')}</h1>
        <select
          aria-label={t('display.language')}
          value={language}
          onChange={(event) => preferences.change({ language: event.currentTarget.value as typeof language })}
        >
          {Object.entries(languages).map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </select>
      </header>
      <nav aria-label={t('setup.step', { step: pages.indexOf(page) + 1, steps: pages.length })}>
        <ol className={styles.steps}>
          {pages.map((one, index) => (
            <li key={one} aria-current={one === page ? 'step' : undefined}>
              {index + 1}. {t(`setup.pages.${one}`)}
            </li>
          ))}
        </ol>
      </nav>
    </>
  );
}
