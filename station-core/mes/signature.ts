import { createHmac } from 'node:crypto';

/**
 * The headers of a message as Standard Webhooks has them (standardwebhooks.com, version 1.0.0): HMAC-SHA-256 over id, time and body,
 * so that its receiver knows who sent it, drops what came before, and refuses what is old. `at` is in Unix milliseconds.
 */
export function signed(token: string, at: number, body: string, secret: Buffer): Readonly<Record<string, string>> {
  const time = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', secret).update(`${token}.${time}.${body}`, 'utf8').digest('base64');
  return { 'webhook-id': token, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
}
