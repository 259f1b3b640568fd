// The agent in C by itself: its own tests, and the conversations of the specification, byte for byte.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { armCompiler, hasArmCompiler, neededSymbols, renewedReadme } from '../../../../build/agent-size.ts';
import {
  agentFolder,
  buildAgentTest,
  canBuildAgent,
  compiling,
  needsCompiler,
  runAgentTest,
} from '../../../suites/agent-build.ts';

const specification = readFileSync(join(agentFolder, '../uart-v1.md'), 'utf8');

type Pair = { readonly asked: string; readonly said: string };

/** The frames of a conversation of the specification, as they are on the line. */
function conversation(name: string): Pair[] {
  const [, from = ''] = specification.split(`<!-- generated: ${name} -->`);
  const [part = ''] = from.split(`<!-- end of ${name} -->`);
  const frames = [...part.matchAll(/^ {2}frame {4}([0-9a-f\s]+?)(?=\n( answer|```))/gm)].map(([, hex = '']) =>
    hex.replace(/\s/g, ''),
  );
  return frames.flatMap((asked, at) => (at % 2 === 0 ? [{ asked, said: frames[at + 1] ?? '' }] : []));
}

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  let replay: string;
  beforeAll(async () => {
    replay = await buildAgentTest(['replay']);
  }, compiling);

  const replayed = async (asked: readonly string[]): Promise<string[]> =>
    (await runAgentTest(replay, [], `${asked.join('\n')}\n`)).trim().split('\n');

  test(
    'its own tests hold, of frames, CBOR, hashes, memory and the unit',
    async () => {
      const program = await buildAgentTest(['runner', 'frames', 'cbor', 'hashes', 'memory', 'unit']);
      const said = await runAgentTest(program, []);
      expect(said).not.toContain('BAD');
      expect(said.match(/^ok /gm)?.length).toBe(26);
    },
    compiling,
  );

  test('it has the conversation of the specification, byte for byte', async () => {
    const pairs = conversation('conversation');
    expect(pairs).toHaveLength(13);
    const [, ...said] = await replayed(pairs.map(({ asked }) => asked));
    // What it says in `hello` is its own.
    expect(said).toEqual(pairs.slice(1).map(({ said: expected }) => expected));
  });

  test('it takes a key through the channel of the specification, byte for byte', async () => {
    const provisioned = conversation('conversation').slice(0, 5);
    const pairs = conversation('channel conversation');
    expect(pairs).toHaveLength(7);
    const said = await replayed([...provisioned, ...pairs].map(({ asked }) => asked));
    expect(said.slice(provisioned.length)).toEqual(pairs.map(({ said: expected }) => expected));
  });
});

// A table by another compiler would have other numbers.
const isSameCompiler = hasArmCompiler && armCompiler().startsWith('12.2');

test.skipIf(!isSameCompiler)(
  `what the agent takes of a microcontroller is what its README says${isSameCompiler ? '' : ' (apt-get install gcc-arm-none-eabi, 12.2)'}`,
  () => {
    const readme = readFileSync(join(agentFolder, 'README.md'), 'utf8');
    expect(renewedReadme(readme)).toBe(readme);
  },
  compiling,
);

test.skipIf(!isSameCompiler)(
  'the agent asks of a C library nothing but to copy and to fill bytes',
  () => {
    expect(neededSymbols('everything').filter((name) => !name.startsWith('bm_port_'))).toEqual(['memcpy', 'memset']);
  },
  compiling,
);
