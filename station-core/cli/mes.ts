import { sentence } from '../contract/errors.ts';
import type { KeyScope, MesLook, WebhookView } from '../contract/mes.ts';
import { openApi } from '../mes/openapi.ts';
import { ask } from './audit-anchors.ts';
import type { CaOptions } from './ca-people.ts';
import { note, printJson } from './terminal.ts';

const officers = { first: 'security-officer', second: 'lead' } as const;

/** `birthmark mes key add`: the key goes to standard output, alone, so that it can be piped into a vault. */
export async function keyAdd(name: string, options: CaOptions & { may: readonly KeyScope[] }): Promise<number> {
  const scopes = [...new Set(options.may)];
  const { key } = await ask(options, officers, 'mes.addKey', { name, scopes });
  if (options.json) printJson({ schema: 1, name, scopes, key });
  else process.stdout.write(`${key}\n`);
  note(`This is the key of ${name}, for ${scopes.join(', ')}. It is shown this once.`);
  return 0;
}

/** `birthmark mes key list`. */
export async function keyList(options: CaOptions): Promise<number> {
  const { keys } = await ask(options, { first: 'auditor' }, 'mes.look', {});
  if (options.json) printJson({ schema: 1, keys });
  else if (keys.length === 0) process.stdout.write('There is no key.\n');
  for (const { name, scopes, madeAt, revokedAt } of options.json ? [] : keys) {
    const ended = revokedAt === null ? '' : `, revoked at ${revokedAt}`;
    process.stdout.write(`${name}  ${scopes.join(', ')}, made at ${madeAt}${ended}\n`);
  }
  return 0;
}

/** `birthmark mes key revoke`. */
export async function keyRevoke(name: string, options: CaOptions): Promise<number> {
  await ask(options, { first: 'lead' }, 'mes.revokeKey', { name });
  if (options.json) printJson({ schema: 1, name, revoked: true });
  else process.stdout.write(`The key ${name} is revoked\n`);
  return 0;
}

/** `birthmark mes status`: 0 while nothing waits for a person. */
export async function mesStatus(options: CaOptions): Promise<number> {
  const look = await ask(options, { first: 'auditor' }, 'mes.look', {});
  if (options.json) printJson({ schema: 1, ...look });
  else process.stdout.write(statusText(look));
  return look.parked.length === 0 ? 0 : 1;
}

function statusText({ server, keys, webhooks, parked }: MesLook): string {
  const inForce = keys.filter(({ revokedAt }) => revokedAt === null).length;
  const at = server
    ? `${server.tls ? 'https' : 'http'}://${server.host}:${server.port}`
    : 'not served: station.json has no mes';
  const waiting = parked.map(
    ({ message, webhook, result, attempts, reason }) =>
      `  message ${message} for ${webhook}, result ${result}, ${attempts} tries: ${sentence(reason)}\n`,
  );
  return [
    `Factory systems ask at: ${at}\n`,
    `Keys in force: ${inForce}\n`,
    ...webhooks.map(webhookText),
    ...waiting,
  ].join('');
}

function webhookText({ name, configured, queued, parked, held }: WebhookView): string {
  const gone = configured ? '' : ', no more in station.json';
  const until = held ? `, left alone until ${held.until}: ${sentence(held.reason)}` : '';
  return `Webhook ${name}: ${queued} waiting, ${parked} for a person${gone}${until}\n`;
}

/** `birthmark mes release`. */
export async function mesRelease(order: string, options: CaOptions): Promise<number> {
  const { state, armed } = await ask(options, { first: 'lead' }, 'orders.reopen', { order });
  if (options.json) printJson({ schema: 1, order, state, armed });
  else process.stdout.write(`Order ${order}: ${state}\n`);
  if (armed === 'no') note(`It is not armed yet: birthmark orders arm ${order}`);
  return 0;
}

/** `birthmark mes retry`. */
export async function mesRetry(webhook: string, options: CaOptions): Promise<number> {
  const { messages } = await ask(options, { first: 'lead' }, 'mes.retry', { webhook });
  if (options.json) printJson({ schema: 1, webhook, messages });
  else process.stdout.write(`${messages} messages for ${webhook} go out now\n`);
  return 0;
}

/** `birthmark mes discard`. */
export async function mesDiscard(message: number, options: CaOptions): Promise<number> {
  await ask(options, { first: 'lead' }, 'mes.discard', { message });
  if (options.json) printJson({ schema: 1, message, discarded: true });
  else process.stdout.write(`Message ${message} is given up\n`);
  return 0;
}

/** `birthmark mes openapi`. */
export async function mesOpenApi(): Promise<number> {
  process.stdout.write(openApi());
  return 0;
}
