import type { Page } from 'playwright-core';
import type { Desktop } from '../../station-core/contract/desktop.ts';

type Sent = { readonly call: string; readonly params: unknown; readonly session?: string; readonly approval?: string };
export type Answered = { readonly result?: unknown; readonly error?: { readonly code: string } };

/**
 * Sends calls from inside the page, over a connection that it opens as it opens its own: through the window's bridge, or the
 * station's socket with the address's token. Answers in the order of the calls.
 */
export function callFromPage(page: Page, calls: readonly Sent[]): Promise<Answered[]> {
  return page.evaluate((all) => {
    const { birthmark, location } = window as unknown as { birthmark?: Desktop; location: Location };
    return new Promise<Answered[]>((resolve, reject) => {
      const answers: Answered[] = [];
      const hear = (message: Answered & { readonly id?: number }) => {
        if (message.id === undefined) return;
        answers[message.id - 1] = message;
        if (answers.filter(Boolean).length === all.length) resolve(answers);
      };
      const begin = (send: (message: unknown) => void) => {
        for (const [index, call] of all.entries()) send({ id: index + 1, ...call });
      };
      if (birthmark) {
        const port = birthmark.connect();
        port.onMessage((message) => hear(message as Answered));
        begin(port.send);
        return;
      }
      const socket = new WebSocket(`ws://${location.host}/station`, ['birthmark', location.hash.slice(1)]);
      socket.addEventListener('error', () => reject(new Error('the socket was not opened')));
      socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as Answered));
      socket.addEventListener('open', () => begin((message) => socket.send(JSON.stringify(message))));
    });
  }, calls);
}

/** Signs a person in over such a connection, and answers the session. */
export async function sessionOf(page: Page, name: string, pin: string): Promise<string> {
  const [answer] = await callFromPage(page, [{ call: 'operators.signIn', params: { name, pin } }]);
  return (answer?.result as { session: string } | undefined)?.session ?? '';
}
