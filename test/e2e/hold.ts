import type { Page } from 'playwright-core';

// Runs of the practice line take some 30 ms. To look at one halfway, the page's own socket holds its messages back after
// a given one; and it can be cut, as a station that goes away would.

type Held = {
  /** Messages that contain this are the last to get through. */
  after: string | undefined;
  waiting: (() => void)[];
  sockets: WebSocket[];
};

declare global {
  interface Window {
    held: Held;
  }
}

/** To be called before the page loads: makes its socket's messages holdable. */
export async function makeHoldable(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held: Held = { after: undefined, waiting: [], sockets: [] };
    window.held = held;
    let holding = false;
    const add = WebSocket.prototype.addEventListener;
    WebSocket.prototype.addEventListener = function (this: WebSocket, type: string, listener: EventListener) {
      if (type !== 'message') return add.call(this, type, listener);
      held.sockets.push(this);
      add.call(this, type, (event) => {
        if (held.after === undefined) holding = false;
        if (holding) return void held.waiting.push(() => listener(event));
        listener(event);
        holding = held.after !== undefined && String((event as MessageEvent).data).includes(held.after);
      });
    } as typeof add;
  });
}

/** Lets nothing through after the next message that contains `part`. */
export const holdAfter = (page: Page, part: string): Promise<void> =>
  page.evaluate((after) => {
    window.held.after = after;
  }, part);

/** Lets through what was held, in order, and everything from now on. */
export const letGo = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.held.after = undefined;
    for (const deliver of window.held.waiting.splice(0)) deliver();
  });

/** Closes the page's newest socket; what it held is lost, as it would be. */
export const cutConnection = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.held.after = undefined;
    window.held.waiting.length = 0;
    window.held.sockets.at(-1)?.close();
  });
