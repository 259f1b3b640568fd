import * as z from 'zod/mini';
import { problemSchema } from './answers.ts';
import { largestBody } from './read-body.ts';
import { type Route, routes, types } from './routes.ts';

type Json = { readonly [name: string]: unknown };

/** A schema as OpenAPI 3.1 takes it, which is JSON Schema 2020-12. As it comes in, where that is another than what it becomes. */
function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const refusal = {
  description: 'What is wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Statuses of refusals, beside those of good answers; the reasons stand in docs/mes.md. */
const refused = (route: Route): readonly string[] => [
  '400',
  '401',
  '403',
  ...(route.path.includes('{') ? ['404'] : []),
  ...(route.body || 'since' in route.query ? ['409'] : []),
  ...(route.body ? ['413', '415'] : []),
  '422',
  '429',
  '503',
];

function answerOf(answer: Route['answers'][number] | undefined): Json {
  if (answer === 'text') return { description: 'Figures', content: { 'text/plain': { schema: { type: 'string' } } } };
  const schema = answer === 'any' || answer === undefined ? { type: 'object' } : schemaOf(answer, 'output');
  return { description: 'What was asked for', content: { [types.json]: { schema } } };
}

function operation(route: Route): Json {
  const { method, path, says, parameters, query, body, answers, scope } = route;
  const inPath = Object.entries(parameters).map(([name, schema]) => {
    return { name, in: 'path', required: true, schema: schemaOf(schema, 'input') };
  });
  const inQuery = Object.entries(query).map(([name, schema]) => {
    return { name, in: 'query', required: false, schema: schemaOf(schema, 'input') };
  });
  const good = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)] as const);
  const bad = refused(route).map((status) => [status, refusal] as const);
  return {
    operationId: `${method.toLowerCase()} ${path}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, ''),
    summary: says,
    description: scope === 'any' ? 'With any key.' : `With a key for ${scope}.`,
    parameters: [...inPath, ...inQuery],
    ...(body
      ? {
          requestBody: {
            required: true,
            description: `At most ${largestBody} bytes, in UTF-8 and not compressed.`,
            content: { [types.json]: { schema: schemaOf(body, 'input') } },
          },
        }
      : {}),
    responses: Object.fromEntries([...good, ...bad]),
  };
}

/** The description of the interface (OpenAPI 3.1), as one line of JSON per member, ended by a line feed. */
export function openApi(): string {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  const description = {
    openapi: '3.1.0',
    info: {
      title: 'Birthmark, for factory systems',
      version: '1',
      description: 'Results out, orders in, metrics. docs/mes.md has examples.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
  return `${JSON.stringify(description, null, 1)}\n`;
}
