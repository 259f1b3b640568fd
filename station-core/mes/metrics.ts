import type { StationEvent } from '../contract/events.ts';
import type { Backlog } from '../contract/record.ts';
import type { Outcome } from '../contract/run.ts';
import { type Family, familyText, Histogram, type Sample } from './exposition.ts';

/** What the station is like at this moment. */
export type Now = {
  readonly version: string;
  readonly mode: string;
  readonly hsm: { readonly ready: boolean; readonly latencyMs: { readonly p50: number; readonly p99: number } };
  readonly cloud: Backlog;
  readonly webhooks: { readonly queued: number; readonly parked: number };
  readonly audit: {
    readonly entries: number;
    readonly unsealed: number;
    readonly headAgeMs: number | null;
    readonly stopped: boolean;
  };
  readonly lanes: { readonly busy: number; readonly idle: number };
};

type Ended = { readonly outcome: Outcome; readonly code: string; readonly runs: number };

/** Runs take some seconds; a fixture that waits for people takes minutes. */
const runBounds = [1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 120, 300];
const taktBounds = [1, 2, 5, 7, 10, 15, 20, 30, 60, 120, 300, 900, 3_600];

/**
 * Figures of the line. Runs are counted from the start of the program, as Prometheus expects of counters. Labels are outcomes, error
 * codes and states, all of fixed tables: never a serial, an order or a person.
 */
export class Metrics {
  readonly #opened = new Map<number, number>();
  readonly #ended = new Map<string, Ended>();
  readonly #runSeconds = new Histogram(runBounds);
  readonly #taktSeconds = new Histogram(taktBounds);
  #passedAt: number | undefined;

  /** An event of the journal that became durable. */
  note({ run, event }: Extract<StationEvent, { run: number }>): void {
    if (event.type === 'opened') this.#opened.set(run, Date.parse(event.at));
    if (event.type !== 'closed') return;
    const at = Date.parse(event.at);
    const { outcome, error } = event;
    const code = error?.code ?? '';
    const key = `${outcome} ${code}`;
    this.#ended.set(key, { outcome, code, runs: (this.#ended.get(key)?.runs ?? 0) + 1 });
    const began = this.#opened.get(run);
    this.#opened.delete(run);
    if (began !== undefined) this.#runSeconds.add(Math.max(0, at - began) / 1_000);
    if (outcome !== 'passed') return;
    if (this.#passedAt !== undefined) this.#taktSeconds.add(Math.max(0, at - this.#passedAt) / 1_000);
    this.#passedAt = at;
  }

  text(now: Now): string {
    const runs = [...this.#ended.values()].map(({ outcome, code, runs: value }) => ({
      labels: { outcome, code },
      value,
    }));
    const histograms = [
      this.#runSeconds.text('birthmark_run_seconds', 'From scan to verdict, of every run.'),
      this.#taktSeconds.text('birthmark_takt_seconds', 'From one pass to the next, over all lanes.'),
    ];
    return `${[...families(now, runs).map(familyText), ...histograms].join('\n')}\n`;
  }
}

const gauge = (name: string, help: string, ...samples: readonly Sample[]): Family => ({
  name: `birthmark_${name}`,
  help,
  type: 'gauge',
  samples,
});
const inState = (state: string, value: number): Sample => ({ labels: { state }, value });
const seconds = (ms: number): number => ms / 1_000;

function families({ version, mode, hsm, cloud, webhooks, audit, lanes }: Now, runs: readonly Sample[]): Family[] {
  const { headAgeMs } = audit;
  return [
    gauge('build_info', 'Which program this is.', { labels: { version, mode }, value: 1 }),
    {
      name: 'birthmark_runs_total',
      help: 'Runs that ended since the start, by outcome and error code.',
      type: 'counter',
      samples: runs,
    },
    gauge('lanes', 'Lanes that work or wait for a unit.', inState('busy', lanes.busy), inState('idle', lanes.idle)),
    gauge('hsm_ready', '1 while the HSM answers and is unlocked.', { value: Number(hsm.ready) }),
    gauge(
      'hsm_latency_seconds',
      'Of the last 256 operations of the HSM.',
      { labels: { percentile: '50' }, value: seconds(hsm.latencyMs.p50) },
      { labels: { percentile: '99' }, value: seconds(hsm.latencyMs.p99) },
    ),
    gauge(
      'cloud_rows',
      'Rows for the cloud that wait, are on their way, or wait for a person.',
      inState('queued', cloud.queued),
      inState('leased', cloud.leased),
      inState('parked', cloud.parked),
    ),
    {
      name: 'birthmark_cloud_receipts_total',
      help: 'Rows that the cloud gave a receipt for.',
      type: 'counter',
      samples: [{ value: cloud.done }],
    },
    gauge(
      'webhook_messages',
      'Messages that wait, or wait for a person.',
      inState('queued', webhooks.queued),
      inState('parked', webhooks.parked),
    ),
    {
      name: 'birthmark_audit_entries_total',
      help: 'Entries of the audit trail.',
      type: 'counter',
      samples: [{ value: audit.entries }],
    },
    gauge('audit_unsealed_entries', 'Entries that no signed head covers yet.', { value: audit.unsealed }),
    gauge('audit_stopped', '1 while the audit trail is stopped, and lanes with it.', { value: Number(audit.stopped) }),
    gauge(
      'audit_head_age_seconds',
      'Since the newest signed head; absent before the first.',
      ...(headAgeMs === null ? [] : [{ value: seconds(headAgeMs) }]),
    ),
  ];
}
