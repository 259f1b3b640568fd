// An allocation webhook as its owner would run it: a server of its own, over HTTPS with a CA of its own or over plain HTTP.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openTlsIdentity } from '../../../../../drivers/simulated/dps/tls.ts';

export type Asked = { method: string; contentType: string; body: Record<string, unknown> };

/** What it answers: a status and a body, JSON unless it is a string; or never. */
export type HookAnswer = { status: number; body?: unknown } | 'never';

export type Webhook = {
  readonly url: string;
  /** Undefined over plain HTTP. */
  readonly ca: string | undefined;
  /** What it was asked, in order. */
  readonly asked: Asked[];
  /** The answers to come; the last one stays. */
  answers: HookAnswer[];
  close(): Promise<void>;
};

export async function startWebhook({ plain = false } = {}): Promise<Webhook> {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
  const tls = plain ? undefined : openTlsIdentity(folder);
  rmSync(folder, { recursive: true });
  const asked: Asked[] = [];
  const webhook = { answers: [] as HookAnswer[] };
  const listener: RequestListener = (request, response) => {
    void read(request).then((question) => {
      asked.push(question);
      const answer = webhook.answers.length > 1 ? webhook.answers.shift() : webhook.answers[0];
      if (answer === undefined || answer === 'never') return;
      const { status, body } = answer;
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  };
  const server = tls
    ? createTls({ key: tls.key, cert: [tls.cert, tls.ca].join('\n') }, listener)
    : createPlain(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(webhook, {
    url: `${plain ? 'http' : 'https'}://localhost:${port}/allocate?code=1`,
    ca: tls?.ca,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function read(request: IncomingMessage): Promise<Asked> {
  const body = JSON.parse(await text(request)) as Record<string, unknown>;
  return { method: request.method ?? '', contentType: request.headers['content-type'] ?? '', body };
}
