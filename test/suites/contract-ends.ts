import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Channels } from '../../station-core/channels.ts';
import type { Loopback } from '../../station-core/loopback.ts';
import { serveStation } from '../../station-core/serve.ts';
import type { Station } from '../../station-core/station.ts';
import type { Db } from '../../station-core/store/open.ts';

/** One end of the contract, at which every message is answered: how many were sent is how many answers come. */
export type End = {
  readonly name: string;
  /** Sends messages at once and resolves with their answers, in the order in which they come. */
  ask(messages: readonly unknown[]): Promise<Answered[]>;
  close(): Promise<void>;
};

export type Answered = { readonly id: number; readonly text: string; readonly code: string | undefined };

/** Gathers answers, and tells when so many have come; events and progress are none. */
class Answers {
  readonly #got: Answered[] = [];
  #wake: () => void = () => undefined;

  take(text: string): void {
    const message = JSON.parse(text) as { id?: number; error?: { code: string } };
    if (message.id === undefined) return;
    this.#got.push({ id: message.id, text, code: message.error?.code });
    this.#wake();
  }

  async next(count: number): Promise<Answered[]> {
    while (this.#got.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#got.splice(0);
  }
}

/** A page's socket, with the token and our own Origin. */
export async function openSocket({ address }: Pick<Loopback, 'address'>): Promise<WebSocket> {
  const { port, hash } = new URL(address);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/station`, ['birthmark', hash.slice(1)], {
    origin: `http://127.0.0.1:${port}`,
  });
  await once(socket, 'open');
  return socket;
}

/** The loopback's WebSocket: messages are texts, or bytes for a binary frame. */
export async function webSocketEnd(served: Pick<Loopback, 'address'>): Promise<End> {
  const socket = await openSocket(served);
  const answers = new Answers();
  socket.on('message', (bytes) => answers.take(String(bytes)));
  return {
    name: 'the WebSocket',
    ask: (messages) => {
      for (const message of messages) socket.send(message as string | Buffer);
      return answers.next(messages.length);
    },
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** The desktop program's pipe: messages are values, of whatever a structured clone can carry. */
export function channelEnd(station: Station): End {
  const answers = new Answers();
  const channels = new Channels(
    (said) => answers.take(JSON.stringify('message' in said ? said.message : said)),
    (port) => serveStation(station, port),
  );
  return {
    name: 'a channel',
    ask: (messages) => {
      for (const message of messages) channels.take({ channel: 1, message });
      return answers.next(messages.length);
    },
    close: async () => channels.closeAll(),
  };
}

/**
 * The audit trail's own rows grow with every refusal; what these must not be is looked at by their actions. Tries to sign in are
 * counted, also those of names that nobody has.
 */
const growing = /^(audit_(?!key$|stop$|left$)|clock_mark$|sign_in_tally$)/;

/** What stands in each table but those that every refusal writes to: a hash of all its rows. */
export function tablesOf(db: Db): Readonly<Record<string, string>> {
  const names = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck();
  const tables = names.all().filter((name) => !growing.test(name) && !name.startsWith('sqlite_'));
  return Object.fromEntries(tables.map((name) => [name, hashOf(db, name)]));
}

function hashOf(db: Db, table: string): string {
  const hash = createHash('sha256');
  let rows = 0;
  for (const row of db.prepare(`SELECT * FROM "${table}"`).raw().iterate()) {
    hash.update(JSON.stringify(row));
    rows++;
  }
  return `${rows} rows ${hash.digest('hex').slice(0, 12)}`;
}
