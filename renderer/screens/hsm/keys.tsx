import { type ReactElement, useState } from 'react';
import { type HsmKey, keyGuards } from '../../../station-core/contract/hsm.ts';
import { type Say, useSay } from '../../say.ts';
import { Empty, Facts, Panel } from '../../ui/panel.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './hsm.module.css';
import { inOrder, keptAs, namesOf, typeName } from './keys-said.ts';

/** Every key that the token shows, those that break a rule first and by name. */
export function Keys({ keys }: { keys: readonly HsmKey[] }): ReactElement {
  const say = useSay();
  const { t } = say;
  const [open, setOpen] = useState<string>();
  const rows = inOrder(keys);
  const names = namesOf(rows);
  const keyOf = (key: HsmKey) => names.get(key) ?? '';
  const refused = rows.filter((key) => key.refused);
  const shown = rows.find((key) => keyOf(key) === open);
  return (
    <Panel title={t('hsm.keys.title')}>
      {refused.length > 0 && <Refused keys={refused} keyOf={keyOf} />}
      {rows.length === 0 ? (
        <Empty>{t('hsm.keys.none')}</Empty>
      ) : (
        <Table
          label={t('hsm.keys.title')}
          rows={rows}
          keyOf={keyOf}
          onOpen={(key) => setOpen(keyOf(key))}
          open={open}
          rowsShown={10}
          empty={t('hsm.keys.none')}
          columns={[
            { name: 'label', title: t('hsm.keys.label'), part: 2.4, cell: ({ label }) => label },
            { name: 'kind', title: t('hsm.keys.kind'), part: 1.8, cell: shortKind },
            { name: 'uses', title: t('hsm.keys.uses'), part: 1.4, cell: (key) => usesOf(key, say) },
            { name: 'kept', title: t('hsm.keys.kept'), part: 2.6, cell: (key) => t(`hsm.kept.${keptAs(key)}`) },
            { name: 'usedBy', title: t('hsm.keys.usedBy'), part: 2.4, cell: (key) => usedByOf(key, say) },
            {
              name: 'verdict',
              title: t('hsm.keys.verdict'),
              part: 1.4,
              cell: (key) => <Verdict refused={!!key.refused} />,
            },
          ]}
        />
      )}
      {rows.length > 0 && (
        <div className={styles.place}>
          {shown ? <Attributes hsmKey={shown} /> : <p className={styles.quiet}>{t('hsm.keys.choose')}</p>}
        </div>
      )}
    </Panel>
  );
}

/** Type and length as people in the field say them: EC 256. */
const shortKind = ({ type, bits }: HsmKey): string => `${typeName(type)} ${bits ?? ''}`.trim();

const kindOf = ({ class: kind, type, bits }: HsmKey, { t }: Say): string =>
  [t(`hsm.classes.${kind}`), typeName(type), bits === undefined ? '' : t('hsm.keys.bits', { bits })]
    .filter((part) => part !== '')
    .join(', ');

const usesOf = ({ uses }: HsmKey, { t }: Say): string =>
  uses.length === 0 ? t('hsm.uses.nothing') : uses.map((use) => t(`hsm.uses.${use}`)).join(', ');

function usedByOf({ usedBy }: HsmKey, { t }: Say): string {
  if (!usedBy) return t('hsm.usedBy.nobody');
  const { part, name } = usedBy;
  switch (part) {
    case 'audit':
      return t('hsm.usedBy.audit');
    case 'issuer':
      return t('hsm.usedBy.issuer', { name });
    case 'station':
      return name === 'pepper' || name === 'sealing' ? t(`hsm.usedBy.${name}`) : t('hsm.usedBy.station', { name });
  }
}

function Verdict({ refused }: { refused: boolean }): ReactElement {
  const { t } = useSay();
  if (!refused) return <>{t('hsm.keys.good')}</>;
  return <strong>{t('hsm.keys.refused')}</strong>;
}

/** Which rule each of them breaks: the station does not use them. */
function Refused(props: { keys: readonly HsmKey[]; keyOf: (key: HsmKey) => string }): ReactElement {
  const { keys, keyOf } = props;
  const { t } = useSay();
  const yes = (set: boolean) => t(set ? 'hsm.keys.yes' : 'hsm.keys.no');
  return (
    <div className={styles.refused} data-look="errored" role="alert">
      <Shape look="errored" className={styles.small} />
      <div>
        <p>
          <strong>{t('hsm.keys.refusedTitle', { count: keys.length })}</strong>
        </p>
        <ul>
          {keys.map((key) => (
            <li key={keyOf(key)}>
              <strong>{key.label}</strong>{' '}
              {key.refused &&
                t('hsm.keys.rule', {
                  attribute: key.refused.attribute,
                  expected: yes(key.refused.expected),
                  found: yes(key.refused.found),
                })}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** All that was read back of a key; none of it is its value. */
function Attributes({ hsmKey }: { hsmKey: HsmKey }): ReactElement {
  const say = useSay();
  const { t } = say;
  const yes = (set: boolean) => t(set ? 'hsm.keys.yes' : 'hsm.keys.no');
  return (
    <section aria-label={t('hsm.keys.attributes', { label: hsmKey.label })} className={styles.attributes}>
      <h3>{t('hsm.keys.attributes', { label: hsmKey.label })}</h3>
      <Facts
        facts={[
          [t('hsm.keys.kind'), kindOf(hsmKey, say)],
          [t('hsm.keys.id'), hsmKey.id === '' ? t('hsm.keys.noId') : hsmKey.id],
          [t('hsm.keys.uses'), usesOf(hsmKey, say)],
          ...keyGuards.map((guard) => [t(`hsm.guards.${guard}`), yes(hsmKey.guards[guard])] as const),
        ]}
      />
      <p className={styles.quiet}>{t('hsm.keys.about')}</p>
    </section>
  );
}
