import type { ReactElement } from 'react';
import type { Run } from '../../../station-core/contract/run.ts';
import type { CloudRow, CredentialView, UnitCertificate } from '../../../station-core/contract/unit-story.ts';
import { audit } from '../../messages/en/audit.ts';
import { useSay } from '../../say.ts';
import { Table } from '../../ui/table.tsx';
import { actionSaid, answerSaid, targetSaid } from '../cloud/words.ts';

// The parts of one unit's life, a table each, the newest first.

const isIn = <T extends object>(words: T, word: string): word is string & keyof T => Object.hasOwn(words, word);

export function Runs({ runs }: { runs: readonly Run[] }): ReactElement {
  const { t, told, dateTime } = useSay();
  return (
    <>
      <h3>{t('audit.story.runs')}</h3>
      <Table
        label={t('audit.story.runs')}
        rows={runs}
        keyOf={({ id }) => id}
        empty={t('audit.story.noRuns')}
        rowsShown={4}
        columns={[
          { name: 'id', title: t('audit.entry.run'), cell: ({ id }) => id },
          {
            name: 'outcome',
            title: t('audit.story.outcome'),
            part: 2,
            cell: ({ outcome }) => t(`audit.story.outcomes.${outcome ?? 'running'}`),
          },
          { name: 'lane', title: t('audit.search.lane'), cell: ({ lane }) => lane },
          {
            name: 'steps',
            title: t('audit.story.steps'),
            cell: ({ steps }) =>
              t('audit.story.stepsAre', {
                ended: steps.filter(({ state }) => state === 'ended').length,
                planned: steps.length,
              }),
          },
          { name: 'opened', title: t('audit.story.opened'), part: 2, cell: ({ openedAt }) => dateTime(openedAt) },
          { name: 'why', title: t('audit.story.why'), part: 4, cell: ({ error }) => (error ? told(error) : '') },
        ]}
      />
    </>
  );
}

export function Credentials({ credentials }: { credentials: readonly CredentialView[] }): ReactElement {
  const { t, dateTime } = useSay();
  const word = (group: 'kinds' | 'sources' | 'credentialStates', name: string): string => {
    const words = audit.story[group];
    return isIn(words, name) ? t(`audit.story.${group}.${name}` as 'audit.story.kinds.x509') : name;
  };
  return (
    <>
      <h3>{t('audit.story.credentials')}</h3>
      <Table
        label={t('audit.story.credentials')}
        rows={credentials}
        keyOf={({ operation }) => operation}
        empty={t('audit.story.noCredentials')}
        rowsShown={4}
        columns={[
          { name: 'kind', title: t('audit.story.kind'), part: 2, cell: ({ kind }) => word('kinds', kind) },
          { name: 'source', title: t('audit.story.source'), part: 2, cell: ({ source }) => word('sources', source) },
          {
            name: 'state',
            title: t('audit.story.state'),
            part: 2,
            cell: ({ state }) => word('credentialStates', state),
          },
          {
            name: 'end',
            title: t('audit.story.end'),
            part: 2,
            cell: ({ ended }) => t(`audit.story.ends.${ended ?? 'open'}`),
          },
          { name: 'made', title: t('audit.story.madeAt'), part: 2, cell: ({ madeAt }) => dateTime(madeAt) },
          { name: 'print', title: t('audit.story.fingerprint'), part: 3, cell: ({ fingerprint }) => fingerprint },
        ]}
      />
    </>
  );
}

export function Certificates({ certificates }: { certificates: readonly UnitCertificate[] }): ReactElement {
  const { t, date } = useSay();
  const state = (one: UnitCertificate): string => {
    const name = one.revoked ? 'revoked' : one.state;
    const words = audit.story.certificateStates;
    return isIn(words, name) ? t(`audit.story.certificateStates.${name}`) : name;
  };
  return (
    <>
      <h3>{t('audit.story.certificates')}</h3>
      <Table
        label={t('audit.story.certificates')}
        rows={certificates}
        keyOf={({ serialNumber }) => serialNumber}
        empty={t('audit.story.noCertificates')}
        rowsShown={4}
        columns={[
          { name: 'number', title: t('audit.story.number'), part: 3, cell: ({ serialNumber }) => serialNumber },
          { name: 'state', title: t('audit.story.state'), part: 2, cell: state },
          { name: 'issuer', title: t('audit.story.issuer'), part: 2, cell: ({ issuer }) => issuer },
          { name: 'end', title: t('audit.story.notAfter'), part: 2, cell: ({ notAfter }) => date(notAfter) },
          { name: 'print', title: t('audit.story.fingerprint'), part: 3, cell: ({ sha256 = '–' }) => sha256 },
        ]}
      />
    </>
  );
}

export function InCloud({ rows }: { rows: readonly CloudRow[] }): ReactElement {
  const say = useSay();
  const { t, told } = say;
  const state = ({ state: name }: CloudRow): string => {
    const words = audit.story.rowStates;
    return isIn(words, name) ? t(`audit.story.rowStates.${name}`) : name;
  };
  const said = ({ answer, reason }: CloudRow): string => {
    if (answer !== undefined) return answerSaid(say, answer);
    return reason ? told(reason) : '';
  };
  return (
    <>
      <h3>{t('audit.story.cloud')}</h3>
      <Table
        label={t('audit.story.cloud')}
        rows={rows}
        keyOf={({ row }) => row}
        empty={t('audit.story.noCloud')}
        rowsShown={4}
        columns={[
          { name: 'action', title: t('cloud.action'), part: 2, cell: ({ action }) => actionSaid(say, action) },
          { name: 'target', title: t('cloud.target'), part: 2, cell: ({ target }) => targetSaid(say, target) },
          { name: 'state', title: t('audit.story.state'), part: 2, cell: state },
          { name: 'tries', title: t('cloud.tries'), numeric: true, cell: ({ attempts }) => attempts },
          { name: 'answer', title: t('cloud.answer'), part: 4, cell: said },
        ]}
      />
    </>
  );
}
