import { randomBytes } from 'node:crypto';
import type { HsmStatus } from '../drivers/hsm/hsm.ts';
import type { AuditLog, Writer } from './audit/log.ts';
import { type ClockWatch, jumpBetween } from './clock-watch.ts';
import type { StationParts } from './station-parts.ts';
import type { Db, StationRow } from './store/open.ts';
import { version } from './version.ts';

// What a start of the program writes into the audit trail before anything else happens.

/** Who and what writes every entry of this start. */
export function writerOf({ configHash, place }: StationParts, row: StationRow, watch: ClockWatch): Writer {
  return {
    station: row.station,
    origin: row.origin,
    boot: randomBytes(8).toString('hex'),
    software: version,
    config: configHash,
    ...(place ? { place } : {}),
    now: () => watch.now(),
  };
}

/** Inside a commit. `founded` is the station's row when this is its first start. */
export function noteStart(
  { db, clock, configHash }: Pick<StationParts, 'db' | 'clock' | 'configHash'>,
  audit: AuditLog,
  founded: StationRow | undefined,
): void {
  if (founded) {
    const { mode, madeAt } = founded;
    audit.append({ action: 'station.founded', result: 'ok', details: { mode, madeAt } });
  }
  const last = founded ? undefined : lastEntry(db);
  const before = audit.latestAt();
  // Only backwards: how long the station was off, nobody knows.
  const jump = last && clock.now() < before ? jumpBetween(before, clock.now()) : undefined;
  const lastStop = last ? (last.action === 'software.stopped' ? 'clean' : 'unclean') : 'none';
  const { platform, arch, version: node } = process;
  const other = last && last.software !== version ? { before: last.software } : {};
  const details = { lastStop, node, platform: `${platform}-${arch}`, ...other };
  audit.append({ action: 'software.started', result: 'ok', details });
  if (jump) audit.append({ action: 'clock.jumped', result: 'ok', details: { ...jump, seen: 'start' } });
  if (last && last.config !== configHash) {
    audit.append({ action: 'config.changed', result: 'ok', details: { before: last.config, after: configHash } });
  }
}

/** Inside a commit: which HSMs this start found. */
export function noteHsms(audit: AuditLog, hsms: readonly HsmStatus[]): void {
  for (const { state, kind, token, module } of hsms) {
    const { label, serial: hsm, model, firmware } = token;
    const details = { state, hsm, kind, label, model, firmware, module: module.sha256 };
    audit.append({ action: 'hsm.found', result: state === 'ready' ? 'ok' : 'failed', details });
  }
}

type Said = { readonly action: string; readonly software: string; readonly config: string };

/** The last entry that is an act of the station; what others wrote about the log while it was closed is none. */
function lastEntry(db: Db): Said | undefined {
  const rows = db.prepare<[], { bytes: string }>('SELECT bytes FROM audit_entry ORDER BY seq DESC');
  for (const { bytes } of rows.iterate()) {
    const entry = JSON.parse(bytes) as Said;
    if (!entry.action.startsWith('audit.')) return entry;
  }
  return undefined;
}
