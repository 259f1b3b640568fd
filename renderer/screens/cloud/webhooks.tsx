import { type ReactElement, useState } from 'react';
import type { ParkedMessage, WebhookView } from '../../../station-core/contract/mes.ts';
import { type Say, useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';

type Shown = { readonly webhook: string } | { readonly message: number };

/** Who is told of results, and the messages that a receiver refused for good. Nothing, where a station has no webhooks. */
export function Webhooks({ turn }: { turn: number }): ReactElement | null {
  const say = useSay();
  const { t, number } = say;
  const [sent, setSent] = useState(0);
  const { value, error, again } = useAsk('mes.look', {}, `${turn} ${sent}`);
  const [open, setOpen] = useState<Shown>();
  const { webhooks = [], parked = [] } = value ?? {};
  if (error) return <Problem error={error} again={again} />;
  if (webhooks.length === 0) return null;
  const close = () => {
    setOpen(undefined);
    setSent((before) => before + 1);
  };
  const webhook = open && 'webhook' in open ? webhooks.find(({ name }) => name === open.webhook) : undefined;
  const message = open && 'message' in open ? parked.find((one) => one.message === open.message) : undefined;
  return (
    <Panel title={t('cloud.webhooks.title')}>
      <p>{t('cloud.webhooks.means')}</p>
      <Table
        label={t('cloud.webhooks.title')}
        rows={webhooks}
        keyOf={({ name }) => name}
        onOpen={({ name }) => setOpen({ webhook: name })}
        empty=""
        rowsShown={4}
        columns={[
          { name: 'name', title: t('cloud.webhooks.name'), part: 2, cell: ({ name }) => name },
          { name: 'waits', title: t('cloud.waits'), numeric: true, cell: ({ queued }) => number(queued) },
          { name: 'parked', title: t('cloud.parked'), part: 2, numeric: true, cell: (row) => number(row.parked) },
          { name: 'state', title: t('cloud.webhooks.state'), part: 3, cell: (row) => stateSaid(row, say) },
        ]}
      />
      {parked.length > 0 && <Messages parked={parked} onOpen={(of) => setOpen({ message: of })} />}
      {webhook && <OneWebhook webhook={webhook} onClose={close} />}
      {message && <OneMessage message={message} onClose={close} />}
    </Panel>
  );
}

function stateSaid({ configured, held }: WebhookView, { t, time }: Say): string {
  if (!configured) return t('cloud.webhooks.gone');
  return held ? t('cloud.goesOn', { time: time(held.until) }) : t('cloud.webhooks.told');
}

type MessagesProps = { readonly parked: readonly ParkedMessage[]; readonly onOpen: (message: number) => void };

function Messages({ parked, onOpen }: MessagesProps): ReactElement {
  const { t, told, number } = useSay();
  return (
    <>
      <p>{t('cloud.webhooks.refusedMeans')}</p>
      <Table
        label={t('cloud.webhooks.refused')}
        rows={parked}
        keyOf={({ message }) => message}
        onOpen={({ message }) => onOpen(message)}
        empty=""
        rowsShown={8}
        columns={[
          { name: 'result', title: t('cloud.webhooks.result'), cell: ({ result }) => number(result) },
          { name: 'webhook', title: t('cloud.webhooks.name'), part: 2, cell: ({ webhook }) => webhook },
          { name: 'tries', title: t('cloud.tries'), numeric: true, cell: ({ attempts }) => number(attempts) },
          { name: 'reason', title: t('cloud.reason'), part: 4, cell: ({ reason }) => told(reason) },
        ]}
      />
    </>
  );
}

function OneWebhook({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }): ReactElement {
  const { t } = useSay();
  const { name, held } = webhook;
  const { error, button } = useRetry(name, onClose);
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.close')}</Button>
      {button}
    </>
  );
  return (
    <Dialog title={t('cloud.webhooks.one', { name })} buttons={buttons} onClose={onClose}>
      {held && <Problem error={held.reason} />}
      <p>{t('cloud.webhooks.retryMeans', { name })}</p>
      {error && <Problem error={error} />}
    </Dialog>
  );
}

/** Everything that waits for a webhook goes out together: a receiver that was mended takes all of it. */
function useRetry(webhook: string, onClose: () => void) {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const retry = () =>
    run(async () => {
      await act('mes.retry', { webhook });
      onClose();
    });
  const button = may('mes.retry') && (
    <Button kind="main" busy={busy} onPress={retry}>
      {t('cloud.webhooks.retry')}
    </Button>
  );
  return { error, button };
}

function OneMessage({ message: parked, onClose }: { message: ParkedMessage; onClose: () => void }): ReactElement {
  const { t, number } = useSay();
  const { act } = useStation();
  const may = useMay();
  const [discarding, setDiscarding] = useState(false);
  const { message, webhook: name, reason } = parked;
  const result = number(parked.result);
  const { error, button } = useRetry(name, onClose);
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.close')}</Button>
      {may('mes.discard') && (
        <Button kind="danger" onPress={() => setDiscarding(true)}>
          {t('cloud.webhooks.discard')}
        </Button>
      )}
      {button}
    </>
  );
  return (
    <Dialog title={t('cloud.webhooks.message', { result, name })} buttons={buttons} onClose={onClose}>
      <Problem error={reason} />
      <p>{t('cloud.webhooks.retryMeans', { name })}</p>
      {error && <Problem error={error} />}
      {discarding && (
        <Confirm
          title={t('cloud.webhooks.discardTitle', { result, name })}
          word={t('cloud.webhooks.discard')}
          onConfirm={async () => {
            await act('mes.discard', { message });
            onClose();
          }}
          onClose={() => setDiscarding(false)}
        >
          <p>{t('cloud.webhooks.discardMeans')}</p>
        </Confirm>
      )}
    </Dialog>
  );
}
