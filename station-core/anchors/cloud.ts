import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { mostOfNote } from './anchor.ts';

// The anchor enrollment (docs/design.md, Where people trust what): one disabled individual enrollment of the DPS instance, whose
// optionalDeviceInformation holds the newest head. Its keys are the service's own and nobody reads them; disabled, they open nothing.

/** Its registration ID. One station, one name; what a registration ID may not hold becomes a dash (F-01). */
export function cloudAnchorId(station: string): string {
  const id = `birthmark-anchor-${station.toLowerCase().replace(/[^a-z0-9._:-]/g, '-')}`.replace(/[._:]+$/, '');
  if (id.length <= 128) return id;
  return `${id.slice(0, 119)}-${hash('sha256', station, 'hex').slice(0, 8)}`;
}

/** The enrollment that holds this head. `log` is the origin that the log was founded with: two stations may have one name. */
export const cloudAnchorOf = (id: string, log: string, checkpoint: string): Readonly<Record<string, unknown>> => ({
  registrationId: id,
  attestation: { type: 'symmetricKey' },
  provisioningStatus: 'disabled',
  optionalDeviceInformation: { checkpoint, log },
});

const heldSchema = z.looseObject({
  checkpoint: z.string().check(z.maxLength(mostOfNote)),
  log: z.string().check(z.maxLength(mostOfNote)),
});

/** The note of an entry that is this log's anchor; nothing for any other entry. */
export function heldBy(information: unknown, log: string): string | undefined {
  const read = heldSchema.safeParse(information);
  return read.success && read.data.log === log ? read.data.checkpoint : undefined;
}
