// A factory system in front of a station: its keys, its requests, and whether answers are what the description says.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KeyScope } from '../../station-core/contract/mes.ts';
import { serveFactory } from '../../station-core/factory-desk.ts';
import { openApi } from '../../station-core/mes/openapi.ts';
import { routes } from '../../station-core/mes/routes.ts';
import type { MesServer } from '../../station-core/mes/server.ts';
import { TestStation, type TestStationOptions } from './station.ts';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Where it is JSON. */
  readonly json: Record<string, unknown>;
};

type Description = {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
  readonly components: { readonly schemas: { readonly Problem: object } };
};

/** A station that answers factory systems, on any port. */
export class Factory {
  readonly line: TestStation;
  readonly server: MesServer;
  readonly keys: Readonly<Record<KeyScope, string>>;

  private constructor(line: TestStation, server: MesServer, keys: Readonly<Record<KeyScope, string>>) {
    this.line = line;
    this.server = server;
    this.keys = keys;
  }

  static async open(options: TestStationOptions = {}): Promise<Factory> {
    const line = await TestStation.open(options);
    const server = await serveFactory(line.station, { host: '127.0.0.1', port: 0 });
    const add = async (scope: KeyScope) => {
      const { key } = await line.agreed('security-officer', 'mes.addKey', { name: `${scope}-key`, scopes: [scope] });
      return key;
    };
    const keys = { results: await add('results'), orders: await add('orders'), metrics: await add('metrics') };
    return new Factory(line, server, keys);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.line.close();
  }

  /** Asks with the key of a scope, and holds the answer against the description. */
  async ask(scope: KeyScope, path: string, more: Asking = {}): Promise<Answer> {
    const answer = await this.raw(path, {
      ...more,
      headers: { authorization: `Bearer ${this.keys[scope]}`, ...more.headers },
    });
    requireDescribed(more.method ?? 'GET', path, answer);
    return answer;
  }

  raw(path: string, { method = 'GET', headers = {}, body }: Asking): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const request = httpRequest(
      { host: '127.0.0.1', port: this.server.port, path, method, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== '';
          const json = isJson ? (JSON.parse(text) as Answer['json']) : {};
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
    return promise;
  }

  put(order: string, body: unknown, key = this.keys.orders): Promise<Answer> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return this.raw(`/v1/orders/${encodeURIComponent(order)}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  }
}

export type Asking = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

const ajv = new Ajv2020({ strict: false });
const description = JSON.parse(openApi()) as Description;

/** Throws where the description does not have an answer like this one. */
export function requireDescribed(method: string, path: string, { status, headers, json }: Answer): void {
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  if (status === 304 || type === 'text/plain') return;
  const schema =
    type === 'application/problem+json' ? description.components.schemas.Problem : goodAnswer(method, path, status);
  if (!ajv.validate(schema, json))
    throw new Error(`${method} ${path} ${status}: ${ajv.errorsText()} in ${JSON.stringify(json)}`);
}

function goodAnswer(method: string, path: string, status: number): object {
  const plain = path.split('?')[0] ?? '';
  const route = routes.find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  const found = description.paths[route?.path ?? '']?.[method.toLowerCase()]?.responses[String(status)];
  const schema = found?.content['application/json']?.schema;
  if (!schema) throw new Error(`the description has no answer ${status} of ${method} ${path}`);
  return schema;
}
