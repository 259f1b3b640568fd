import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { rootCertificates } from 'node:tls';
import * as z from 'zod/mini';
import type { Verdict } from '../allocation.ts';
import type { Switches } from '../switches.ts';

/** What came back, as far as it was read. */
export type WebhookReply = { readonly status: number; readonly text: string };

/** No message of the service may be larger (DPS quotas and limits). */
const MOST_BYTES = 96 * 1024;

type Settings = Pick<Switches, 'webhookMethod' | 'webhookTimeoutMs' | 'webhookCa' | 'webhookPlainLoopback'>;

/** Asks once; undefined when there is no answer, or none in time. Redirects are not followed. */
export async function askWebhook(
  url: string,
  body: string,
  settings: Settings,
  closing: AbortSignal,
): Promise<WebhookReply | undefined> {
  const { webhookMethod: method, webhookTimeoutMs, webhookCa } = settings;
  if (!isWebhookUrl(url, settings)) return undefined;
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  const signal = AbortSignal.any([closing, AbortSignal.timeout(webhookTimeoutMs)]);
  const options: RequestOptions = { method, headers, signal, agent: false };
  const ca = webhookCa === null ? {} : { ca: [...rootCertificates, webhookCa] };
  try {
    return await new Promise<WebhookReply>((resolve, reject) => {
      const sent = url.startsWith('https:') ? requestTls(url, { ...options, ...ca }) : requestPlain(url, options);
      sent.on('error', reject);
      sent.on('response', (response) => {
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      sent.end(body);
    });
  } catch (error) {
    // Whatever went wrong on the way (name, connection, certificate, time), the service knows only that nothing came.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only https, unless a switch allows plain http on this machine. */
export function isWebhookUrl(text: string, { webhookPlainLoopback }: Pick<Switches, 'webhookPlainLoopback'>): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return true;
  return webhookPlainLoopback && url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
}

const anyObject = z.record(z.string(), z.unknown());

const AnswerSchema = z.object({
  iotHubHostName: z.optional(z.nullable(z.string())),
  initialTwin: z.optional(z.nullable(anyObject)),
  payload: z.optional(z.nullable(anyObject)),
});

/** What a reply means for the device (DPS docs, Custom allocation, Troubleshooting). */
export function readVerdict(reply: WebhookReply | undefined, linkedHubs: readonly string[]): Verdict {
  if (!reply) return failed('the webhook gave no answer');
  if (reply.status === 401) {
    return { errorCode: 400209, errorMessage: 'Custom allocation failed: the webhook refused the call' };
  }
  if (reply.status !== 200) {
    return { errorCode: 400207, errorMessage: `Custom allocation failed with status code: ${reply.status}` };
  }
  const answer = AnswerSchema.safeParse(jsonOrNothing(reply.text));
  if (!answer.success) return failed('the answer of the webhook is not what it must be');
  const { iotHubHostName, initialTwin, payload } = answer.data;
  if (!iotHubHostName) return { errorCode: 400208, errorMessage: 'Custom allocation failed: no IoT hub was named' };
  const hub = linkedHubs.find((linked) => linked.toLowerCase() === iotHubHostName.toLowerCase());
  if (hub === undefined) return failed('the IoT hub that the webhook named is not linked');
  return { hub, ...(initialTwin && { initialTwin }), ...(payload && { payload }) };
}

function failed(why: string): Verdict {
  return { errorCode: 400207, errorMessage: `Custom allocation failed: ${why}` };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // What is no JSON fits no schema.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
