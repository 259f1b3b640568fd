import type { ReactElement, ReactNode } from 'react';
import { type ErrorCode, errors } from '../../../station-core/contract/errors.ts';
import type { Page } from '../../help/page.ts';
import { type PlaceName, placesOf } from '../../places.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { sentenceOf } from './finding.ts';
import styles from './help.module.css';

type CodePageProps = {
  readonly code: ErrorCode;
  readonly page: Page;
  /** Whether names of screens open them: not where something else is open that would be lost. */
  readonly links: boolean;
};

/** What a code says, what it means, what to do in order, and what a lead looks at. */
export function CodePage({ code, page, links }: CodePageProps): ReactElement {
  const say = useSay();
  const { t } = say;
  const { blame, retry } = errors[code];
  return (
    <div className={styles.page} data-code={code}>
      <p className={styles.sentence}>{sentenceOf(code, say)}</p>
      <p className={styles.cause}>
        {t(`frame.blame.${blame}`)} · {t(retry ? 'help.retry.yes' : 'help.retry.no')}
      </p>
      <h3>{t('help.means')}</h3>
      <p>
        <Text links={links}>{page.means}</Text>
      </p>
      <h3>{t('help.todo')}</h3>
      <ol>
        {page.steps.map((step) => (
          <li key={step}>
            <Text links={links}>{step}</Text>
          </li>
        ))}
      </ol>
      <h3>{t('help.lead')}</h3>
      <p>
        <Text links={links}>{page.lead}</Text>
      </p>
    </div>
  );
}

/** A text of the help: words in braces are screens (help/page.ts), which get the name that people see. */
function Text({ children, links }: { children: string; links: boolean }): ReactNode {
  let at = 0;
  return children.split(/(\{\w+\})/).map((part) => {
    at += part.length;
    return part.startsWith('{') ? <ScreenName key={at} name={part.slice(1, -1)} links={links} /> : part;
  });
}

function ScreenName({ name, links }: { name: string; links: boolean }): ReactElement {
  const { screen, go } = useStation();
  const { t } = useSay();
  const mine: readonly string[] = placesOf(screen.person?.role ?? 'technician');
  const place = name as PlaceName;
  const shown = t(`frame.places.${place}`);
  if (!links || !screen.board || !mine.includes(name)) return <strong>{shown}</strong>;
  return (
    <button type="button" className={styles.link} onClick={() => go(place)}>
      {shown}
    </button>
  );
}
