import type { TestStation } from './station.ts';

/**
 * From now on every run is stopped when its credential was released and before its unit can have answered: nobody knows then whether it
 * took it. Answers how to stop that.
 */
export function abortAtRelease(line: TestStation): () => void {
  const { audit, lanes } = line.station;
  const append = audit.append.bind(audit);
  audit.append = (entry) => {
    const seq = append(entry);
    const { action, run } = entry;
    if (action === 'credential.released' && run !== undefined) setImmediate(() => lanes.abort(run, 'Test'));
    return seq;
  };
  return () => {
    audit.append = append;
  };
}
