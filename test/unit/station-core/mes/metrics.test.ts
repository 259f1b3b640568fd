import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { familyText, Histogram } from '../../../../station-core/mes/exposition.ts';
import { Factory } from '../../../suites/factory.ts';

const promtool = spawnSync('promtool', ['--version']).status === 0;

let factory: Factory;
let labels: readonly string[];
beforeAll(async () => {
  factory = await Factory.open({ lanes: 2 });
  const order = await factory.line.order('symmetric-individual', 3, (index) => index === 1);
  labels = order.labels;
  for (const label of labels) await factory.line.scan(1, label);
});
afterAll(() => factory.close());

test('runs are counted by outcome and code, and the line’s state is told without naming a unit', async () => {
  const { text, headers } = await factory.ask('metrics', '/metrics');
  expect(headers['content-type']).toContain('version=0.0.4');
  for (const line of [
    'birthmark_runs_total{outcome="passed",code=""} 2',
    'birthmark_runs_total{outcome="failed",code="unit.serial-mismatch"} 1',
    'birthmark_run_seconds_count 3',
    'birthmark_takt_seconds_count 1',
    'birthmark_lanes{state="busy"} 0',
    'birthmark_lanes{state="idle"} 2',
    'birthmark_hsm_ready 1',
    'birthmark_audit_stopped 0',
    'birthmark_cloud_rows{state="parked"} 0',
    'birthmark_webhook_messages{state="queued"} 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).toMatch(/^birthmark_audit_head_age_seconds [\d.]+$/m);
  for (const label of labels) expect(text).not.toContain(label);
});

test.skipIf(!promtool)('promtool (Debian: prometheus) finds nothing to say against them', async () => {
  const { text } = await factory.ask('metrics', '/metrics');
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect([checked.status, checked.stdout + checked.stderr]).toEqual([0, '']);
});

test('a histogram counts what is at a bound below it, and what is above all of them', () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [1, 1.5, 3]) histogram.add(value);
  expect(histogram.text('h', 'H.').split('\n')).toEqual([
    '# HELP h H.',
    '# TYPE h histogram',
    'h_bucket{le="1"} 1',
    'h_bucket{le="2"} 2',
    'h_bucket{le="+Inf"} 3',
    'h_sum 5.5',
    'h_count 3',
  ]);
  const family = { name: 'm', help: 'M.', type: 'gauge', samples: [{ labels: { a: 'b"\\\n' }, value: 1 }] } as const;
  expect(familyText(family).split('\n')[2]).toBe('m{a="b\\"\\\\\\n"} 1');
});
