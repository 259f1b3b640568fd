import { dirname } from 'node:path';
import { ImageFile } from '../drivers/esp-secure-cert/image-file.ts';
import { Sealing } from './audit/sealing.ts';
import { headSigner } from './audit-keys.ts';
import { isoTime } from './clock.ts';
import type { Shop } from './run/bench.ts';
import { openSecret } from './secret-handlers.ts';
import type { Station } from './station.ts';
import type { Records } from './store/records.ts';

// What a station gives to its lanes and to its audit log: everything that they need of it, and nothing of how it is composed.

/** What runs are done with. */
export function shopOf(station: Station): Shop {
  const { records, audit, stop, keys, hsmSerial, ca, issuers, operators, row, parts, printing } = station;
  const { clock, hsm, protocols, programmers = {}, dps, hub, vendorRoots = [], log } = parts;
  return {
    records,
    audit,
    stop,
    clock,
    hsm,
    sealingKey: keys.sealing,
    hsmSerial,
    ca,
    issuer: (pin) => issuers.ready(pin),
    protocols,
    programmers,
    dps,
    ...(hub ? { hub: hub.host } : {}),
    secret: (name) => openSecret(station, name),
    queueLabel: (unit, run, lane) => printing.queuePassed(unit, run, lane),
    imageFile: (bytes) => ImageFile.write(bytes, imagesOf(records)),
    vendorRoots,
    practice: row.mode === 'practice',
    commitment: (actor) => operators.commitment(actor),
    incident: log.incident,
  };
}

/** Whose images are this station's: they are named by its folder, which one process holds at a time. */
export const imagesOf = ({ db }: Pick<Records, 'db'>): string => dirname(db.name);

/** How heads of the audit log are signed. */
export function sealingOf(station: Station): Sealing {
  const { records, audit, heads, stop, parts } = station;
  const { clock, log } = parts;
  const sign = headSigner(station);
  return new Sealing({
    db: records.db,
    commit: (write) => records.commits.commit(write),
    log: audit,
    heads,
    stop,
    sign: async (key, text) => {
      // The token may have been locked at the start; a stick may be there since.
      await station.anchoring.look();
      stop.refuse();
      return sign(key, text);
    },
    now: () => isoTime(clock),
    timer: (ms, ring) => clock.timer(ms, ring),
    incident: log.incident,
  });
}
