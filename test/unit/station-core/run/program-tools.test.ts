import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { externalProgrammer } from '../../../../drivers/programmers/external.ts';
import { percentFinder } from '../../../../drivers/programmers/percent.ts';
import { parseConfig } from '../../../../station-core/config.ts';
import type { ProgrammerPlan } from '../../../../station-core/contract/programmer.ts';
import { recipeProblems } from '../../../../station-core/contract/recipes.ts';
import { practiceConfig } from '../../../../station-core/practice.ts';
import { top } from '../../../rules/sources.ts';
import { programmedBy, script } from '../../../suites/programmers.ts';
import { TestStation } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

// The programs that docs/programmers.md has templates for, as far as a machine without a probe can run them: apt-get install openocd dfu-util.

const openocd = '/usr/bin/openocd';
const dfuUtil = '/usr/bin/dfu-util';

let line: TestStation;
beforeAll(async () => {
  const programmers = {
    openocd: externalProgrammer({ path: openocd }),
    'dfu-util': externalProgrammer({ path: dfuUtil }),
  };
  line = await TestStation.open({ lanes: 1, parts: { programmers } });
});
afterAll(() => line.close());

async function made(serial: string, plan: Partial<ProgrammerPlan>) {
  await line.as('lead', 'orders.create', { name: serial, recipe: programmedBy('', plan), units: [{ serial }] });
  const run = await line.scan(1, serial);
  return { run, output: (await line.as('technician', 'run.output', { run: run.id })).output };
}

describe.skipIf(!existsSync(openocd))('openocd', () => {
  const cfg = ['-f', 'interface/cmsis-dap.cfg', '-f', 'target/stm32f4x.cfg'];
  const args = [...cfg, '-c', 'program "/opt/firmware/app.elf" verify reset exit'];

  test('without a probe blames the station, and its last word is on the lane', async () => {
    const { run, output } = await made('OCD-1', { name: 'openocd', args });
    expect(run).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'exit 1' } },
    });
    expect(output?.text).toContain('** OpenOCD init failed **');
  });

  test('that only says its version passes', async () => {
    expect((await made('OCD-2', { name: 'openocd', args: ['--version'] })).run.outcome).toBe('passed');
  });
});

describe.skipIf(!existsSync(dfuUtil))('dfu-util', () => {
  const args = (file: string) => ['-d', '0483:df11', '-a', '0', '-s', '0x08000000:leave', '-D', file];

  test('without a unit blames whom the recipe says: it ends with EX_IOERR', async () => {
    const firmware = join(temporaryFolder(), 'app.bin');
    writeFileSync(firmware, Buffer.alloc(1_024));
    const name = 'dfu-util';
    expect((await made('DFU-1', { name, args: args(firmware) })).run).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'exit 74' } },
    });
    const { run, output } = await made('DFU-2', { name, args: args(firmware), failed: [74] });
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.not-programmed', details: { code: 74 } } });
    expect(output?.text).toContain('No DFU capable USB device available');
  });

  test('without its firmware blames the station even where 74 is the unit’s fault', async () => {
    const { run } = await made('DFU-3', { name: 'dfu-util', args: args('/nonexistent/app.bin'), failed: [74] });
    expect(run).toMatchObject({
      outcome: 'errored',
      error: { code: 'programmer.broke', details: { ended: 'exit 66' } },
    });
  });
});

describe('what esptool prints', () => {
  const talks = (lines: readonly string[], code: number) =>
    script(
      temporaryFolder(),
      'esptool',
      `${lines.map((one) => `printf '${one.replaceAll('%', '%%')}'; sleep 0.25`).join('\n')}\nexit ${code}`,
    );

  test.each([
    [
      '4',
      '({percent} %)',
      [
        'Compressed 24240 bytes to 15146...\\n',
        'Writing at 0x00001000... (50 %)\\n',
        'Writing at 0x00005000... (100 %)\\n',
      ],
    ],
    [
      '5',
      'Writing at*{percent}%',
      [
        'Chip is ESP32-S3\\n',
        '\\rWriting at 0x00001000 [====>    ]  50.0%% 7573/15146 bytes... ',
        '\\rWriting at 0x00005000 [=========] 100.0%% 15146/15146 bytes... \\n',
      ].map((one) => one.replaceAll('%%', '%')),
    ],
  ])('in its version %s tells how far it is', async (_, progress, lines) => {
    const percents: number[] = [];
    const job = { args: [], env: {}, deadlineMs: 20_000, progress };
    const tool = externalProgrammer({ path: talks(lines, 2) });
    const { ending, printed } = await tool.run(job, (percent) => percents.push(percent), new AbortController().signal);
    expect([ending, percents]).toEqual([{ how: 'exit', code: 2 }, [50, 100]]);
    expect(printed.text.split('\n')).toHaveLength(2);
  });
});

test('the recipe and the templates of docs/programmers.md are taken by a station', () => {
  const page = readFileSync(join(top, 'docs/programmers.md'), 'utf8');
  const blocks = page.split('\n\n').filter((block) => /^ {4}"(args|programmers?)"/.test(block));
  const plans = blocks.map((block) => JSON.parse(`{${block}}`) as { programmer?: object });
  expect(plans).toHaveLength(6);
  for (const { programmer, ...template } of plans.slice(1)) {
    const recipe = { ...programmedBy(''), programmer: { name: 'x', deadlineSeconds: 60, ...programmer, ...template } };
    expect([template, recipeProblems(recipe)]).toEqual([template, []]);
  }
  const station = { ...practiceConfig(1), ...(plans[0] as object) };
  expect(() => parseConfig(JSON.stringify(station).replace('3f…', 'ab'.repeat(32)))).not.toThrow();
});

test('the patterns of docs/programmers.md find what each program prints', () => {
  expect(
    percentFinder('Download*{percent}%')(
      'Download\t[=====                    ]  20%         4096 bytes'.replace('\t', ' '),
    ),
  ).toBe(20);
  expect(
    percentFinder('"totalProgressPercentage":{percent}')(
      '{"type":"task_progress","data":{"progress":{"totalProgressPercentage":42}}}',
    ),
  ).toBe(42);
});
