import type { Transport } from './route.ts';

/** One line of the request log: never a body, a header or a query, since those may hold keys. */
export type RequestLine = {
  at: string;
  method: string;
  path: string;
  status: number | 'dropped';
  /** Over MQTT the method and the path are those of the same call over HTTPS. */
  transport: Transport;
};

const KEPT_LINES = 10_000;

/** The newest requests, oldest first; the list forgets what is older than its last ten thousand lines. */
export class RequestLog {
  #lines: RequestLine[] = [];

  add(line: RequestLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
  }

  lines(): RequestLine[] {
    return this.#lines.slice(-KEPT_LINES);
  }
}
