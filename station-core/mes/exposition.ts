// Prometheus text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

export type Labels = Readonly<Record<string, string>>;
export type Sample = { readonly labels?: Labels; readonly value: number };
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
};

/** Counts of values up to each bound. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** `bounds` ascend; what is above the last one is counted as well. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const place = found < 0 ? this.#bounds.length : found;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += value;
  }

  text(name: string, help: string): string {
    let total = 0;
    const buckets = this.#counts.map((count, place) => {
      total += count;
      return line(`${name}_bucket`, { le: String(this.#bounds[place] ?? '+Inf') }, total);
    });
    const ends = [line(`${name}_sum`, {}, this.#sum), line(`${name}_count`, {}, total)];
    return [...head(name, help, 'histogram'), ...buckets, ...ends].join('\n');
  }
}

export const familyText = ({ name, help, type, samples }: Family): string =>
  [...head(name, help, type), ...samples.map(({ labels = {}, value }) => line(name, labels, value))].join('\n');

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

function line(name: string, labels: Labels, value: number): string {
  const shown = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${shown.length > 0 ? `{${shown.join(',')}}` : ''} ${value}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
