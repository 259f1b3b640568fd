import type { ReactElement, ReactNode } from 'react';
import type { EntryView } from '../../../station-core/contract/audit-search.ts';
import { audit } from '../../messages/en/audit.ts';
import { type Say, useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './audit.module.css';
import { Printed } from './printed.tsx';
import { ProofEvidence, ProofVerdict, useProof } from './proof-part.tsx';
import { actSaid, isRole, resultSaid } from './words.ts';

/** One entry: what it says in words, its bytes, and what proves them. */
export function Entry({ seq, onClose }: { seq: number; onClose: () => void }): ReactElement {
  const { t } = useSay();
  const { value, error, again } = useAsk('audit.entry', { seq });
  return (
    <Dialog
      title={t('audit.entry.title', { seq })}
      onClose={onClose}
      buttons={
        <Button kind="main" onPress={onClose}>
          {t('frame.close')}
        </Button>
      }
    >
      {error && <Problem error={error} again={again} />}
      {!value && !error && <p>{t('frame.asking')}</p>}
      {value && <Proven entry={value} onSealed={again} />}
    </Dialog>
  );
}

function Proven({ entry, onSealed }: { entry: EntryView; onSealed: () => void }): ReactElement {
  const proving = useProof(entry);
  return (
    <div className={styles.entry}>
      <ProofVerdict proving={proving} onSealed={onSealed} />
      <Said entry={entry} />
      {proving.proof?.is === 'verified' && <ProofEvidence proof={proving.proof} />}
    </div>
  );
}

type Members = { readonly [name: string]: unknown };

function Said({ entry }: { entry: EntryView }): ReactElement {
  const say = useSay();
  const { t } = say;
  const may = useMay();
  const text = new TextDecoder().decode(Uint8Array.from(atob(entry.bytes), (one) => one.charCodeAt(0)));
  const members = membersOf(text);
  const printed = members && printedIn(members);
  return (
    <>
      {members && <Facts facts={factsOf(members, entry, say)} />}
      {members?.details !== undefined && (
        <>
          <h3>{t('audit.entry.details')}</h3>
          <Facts facts={flat(members.details, entry.names)} />
        </>
      )}
      {printed && may('run.output') && <Printed {...printed} />}
      <h3>{t('audit.entry.raw')}</h3>
      {/* It scrolls, so that whoever has no mouse must be able to stand in it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: axe, scrollable-region-focusable. */}
      <section className={styles.raw} tabIndex={0} aria-label={t('audit.entry.raw')}>
        {text}
      </section>
    </>
  );
}

function membersOf(text: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Members) : undefined;
  } catch {
    return undefined; // damaged bytes are shown as they are, below
  }
}

/** The run whose programmer printed something, and the hash of that; entries of a run's end have it (station-core/audit/README.md). */
function printedIn({ run, details }: Members): { readonly run: number; readonly hash: string } | undefined {
  const { output } = (details ?? {}) as Members;
  return typeof run === 'number' && typeof output === 'string' ? { run, hash: output } : undefined;
}

/** What every entry says, each with its label; what it does not say is left out. */
function factsOf(members: Members, { seq, entries, names }: EntryView, say: Say): [string, ReactNode][] {
  const { t, dateTime } = say;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const named = (value: unknown): string | undefined => {
    const commitment = text(value);
    return commitment === undefined ? undefined : (names[commitment] ?? t('audit.entry.hidden'));
  };
  const unit = members.unit as Members | undefined;
  const key = members.key as Members | undefined;
  const clock = text(members.clock);
  const facts: [string, ReactNode][] = [
    [t('audit.search.what'), `${actSaid(say, text(members.action) ?? '')} (${text(members.action)})`],
    [t('audit.search.result'), resultSaid(say, text(members.result) ?? '')],
    [t('audit.entry.reason'), text(members.reason)],
    [t('audit.search.at'), text(members.at) && dateTime(String(members.at))],
    [t('audit.search.who'), named(members.actor)],
    [t('audit.entry.role'), isRole(members.role) ? t(`frame.roles.${members.role}`) : undefined],
    [t('audit.entry.approver'), named(members.approver)],
    [t('audit.search.about'), named(unit?.serial)],
    [t('audit.story.registrationId'), named(unit?.registrationId)],
    [t('audit.story.mac'), named(unit?.mac)],
    [t('audit.search.order'), text(members.order)],
    [t('audit.search.lane'), numberOf(members.lane)],
    [t('audit.entry.run'), numberOf(members.run)],
    [t('audit.entry.key'), key && `${text(key.label)} (${text(key.checkValue)}), HSM ${text(key.hsm)}`],
    [t('audit.entry.station'), `${text(members.station)}, ${text(members.origin)}`],
    [t('audit.entry.software'), text(members.software)],
    [t('audit.entry.clock'), clock !== undefined && isClock(clock) ? t(`audit.entry.clocks.${clock}`) : clock],
    [t('audit.search.seq'), t('audit.entry.ofEntries', { seq, entries })],
  ];
  return facts.filter(([, value]) => value !== undefined && value !== '');
}

const numberOf = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : undefined);
const isClock = (clock: string): clock is keyof typeof audit.entry.clocks => Object.hasOwn(audit.entry.clocks, clock);

/** Every leaf of what is told beyond, with clear names where they may be seen. */
function flat(value: unknown, names: EntryView['names'], place = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[place, names[String(value)] ?? String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, names, place === '' ? name : `${place}.${name}`));
}
