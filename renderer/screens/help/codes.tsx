import { type KeyboardEvent, type ReactElement, useState } from 'react';
import type { ErrorCode } from '../../../station-core/contract/errors.ts';
import type { Pages } from '../../help/page.ts';
import { useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { CodePage } from './code-page.tsx';
import { areaOf, areas, find, sentenceOf } from './finding.ts';
import styles from './help.module.css';
import { usePages } from './use-pages.ts';

/** Every page by area, those that have some words, and the one that was chosen. */
export function Codes(): ReactElement {
  const { t } = useSay();
  const fetched = usePages();
  if (fetched.state !== 'here') return <Empty>{t(`help.${fetched.state}`)}</Empty>;
  return <Book pages={fetched.pages} />;
}

function Book({ pages }: { pages: Pages }): ReactElement {
  const say = useSay();
  const { t } = say;
  const [words, setWords] = useState('');
  const [open, setOpen] = useState<ErrorCode>();
  const found = find(words, pages, say);
  const first = found[0];
  // Enter in the field opens the first page: what is found by its whole code has no other.
  const enter = ({ key }: KeyboardEvent) => {
    if (key === 'Enter' && first) setOpen(first);
  };
  return (
    <div className={styles.book}>
      <search className={styles.finding} onKeyDown={move}>
        <TextField
          label={t('help.find')}
          means={t('help.findMeans')}
          type="search"
          value={words}
          onChange={setWords}
          rest={{ maxLength: 80, onKeyDown: enter }}
        />
        <p role="status">{t('help.found', { count: found.length })}</p>
        <List found={found} open={open} onOpen={setOpen} />
      </search>
      <Panel title={open ?? t('help.choose')}>
        {open ? <CodePage code={open} page={pages[open]} links /> : <p>{t('help.chooseMeans')}</p>}
      </Panel>
    </div>
  );
}

type ListProps = {
  readonly found: readonly ErrorCode[];
  readonly open: ErrorCode | undefined;
  readonly onOpen: (code: ErrorCode) => void;
};

function List({ found, open, onOpen }: ListProps): ReactElement {
  const say = useSay();
  const { t } = say;
  if (found.length === 0) return <Empty>{t('help.nothing')}</Empty>;
  return (
    <nav className={styles.list} aria-label={t('help.list')}>
      {areas.map((area) => {
        const here = found.filter((code) => areaOf(code) === area);
        return here.length === 0 ? null : (
          <section key={area} aria-label={t(`help.areas.${area}`)}>
            <h2>{t(`help.areas.${area}`)}</h2>
            {here.map((code) => (
              <button
                key={code}
                type="button"
                aria-current={code === open ? 'page' : undefined}
                onClick={() => onOpen(code)}
              >
                <code>{code}</code>
                <span>{sentenceOf(code, say)}</span>
              </button>
            ))}
          </section>
        );
      })}
    </nav>
  );
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 };

/** The arrows go from the field into the list, through it, and back. */
function move(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (step === undefined) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, nav button')];
  const at = stops.findIndex((one) => one.matches(':focus'));
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
  event.preventDefault();
}
