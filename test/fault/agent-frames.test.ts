// Promises B and H for the agent in C: frames from outside, changed at random, and power that goes at any byte of its memory.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { buildAgentTest, canBuildAgent, compiling, needsCompiler, runAgentTest } from '../suites/agent-build.ts';
import { recordCorpus } from '../suites/agent-corpus.ts';
import { long, testSeed } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';
import { newUnitsTpm } from '../suites/units-tpm.ts';

const count = long ? 1_000_000 : 20_000;
/** Each so many bytes of those that are written. */
const step = long ? 1 : 251;
const timeout = long ? 3_600_000 : compiling;

function corpusFile(lines: string): string {
  const path = join(temporaryFolder(), 'corpus');
  writeFileSync(path, lines);
  return path;
}

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  test(
    `that hears ${count} changed frames holds one whole credential at every moment, and still answers`,
    async () => {
      const seed = testSeed('agent frames');
      const path = corpusFile(await recordCorpus(await newUnitsTpm()));
      const said = await runAgentTest(await buildAgentTest(['corpus', 'fuzz']), [path, String(count), String(seed)]);
      process.stdout.write(`agent frames: ${said}`);
      expect(Number(/^(\d+) changed frames/.exec(said)?.[1])).toBeGreaterThanOrEqual(count);
    },
    timeout,
  );

  test(
    'whose power is cut at a byte of its memory, and again soon after, holds the old credential or the new one',
    async () => {
      const from = 1 + whole(seeded(testSeed('agent power')), step);
      const path = corpusFile(await recordCorpus());
      const said = await runAgentTest(await buildAgentTest(['corpus', 'power']), [path, String(step), String(from)]);
      process.stdout.write(`agent power: ${said}`);
      // Nothing, and each of the four credentials, was met in force after some cut.
      const [, seen = ''] = said.trim().split('them: ');
      expect(seen.split(' ').filter((times) => times !== '0')).toHaveLength(5);
    },
    timeout,
  );
});
