import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { Panel } from '../../ui/panel.tsx';
import styles from './help.module.css';

/** Where keys do what; what they are called and what they do stands in the messages. */
const keys = {
  lanes: ['choose', 'send', 'back', 'clear', 'retry', 'label', 'explain'],
  everywhere: ['menu', 'help', 'next', 'press', 'arrows', 'close', 'reload', 'full'],
} as const;

/** Every key of the program. */
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
