import type { ReactElement } from 'react';
import { labels } from '../../../station-core/contract/scanners.ts';
import { useSay } from '../../say.ts';
import { Panel } from '../../ui/panel.tsx';
import styles from './help.module.css';

/** Where keys do what; what they are called and what they do stands in the messages. */
const keys = {
  barcodes: ['confirm', 'retry', 'fixture', 'test'],
  lanes: ['choose', 'send', 'back', 'clear', 'retry', 'label', 'explain'],
  everywhere: ['menu', 'help', 'next', 'press', 'arrows', 'close', 'reload', 'full'],
} as const;

/** What stands under the bars; it is the same in every language. */
const codeOf = {
  confirm: `${labels.command}CONFIRM`,
  retry: `${labels.command}RETRY`,
  fixture: `${labels.fixture}1 …`,
  test: `${labels.test}…`,
} as const satisfies Record<(typeof keys)['barcodes'][number], string>;

/** Every key of the program, and the barcodes that stand for one. */
export function KeyList(): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.panels}>
      <Panel title={t('help.keys.lanes.title')}>
        <table className={styles.keys}>
          <tbody>
            {keys.lanes.map((name) => (
              <Row key={name} caps={t(`help.keys.lanes.${name}.keys`)} does={t(`help.keys.lanes.${name}.does`)} />
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title={t('help.keys.barcodes.title')}>
        <table className={styles.keys}>
          <tbody>
            {keys.barcodes.map((name) => (
              <Row key={name} caps={codeOf[name]} does={t(`help.keys.barcodes.${name}.does`)} />
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title={t('help.keys.everywhere.title')}>
        <table className={styles.keys}>
          <tbody>
            {keys.everywhere.map((name) => (
              <Row
                key={name}
                caps={t(`help.keys.everywhere.${name}.keys`)}
                does={t(`help.keys.everywhere.${name}.does`)}
              />
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  );
}

function Row({ caps, does }: { caps: string; does: string }): ReactElement {
  return (
    <tr>
      <th scope="row">
        <kbd>{caps}</kbd>
      </th>
      <td>{does}</td>
    </tr>
  );
}
