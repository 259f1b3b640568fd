import type { Certificate } from '../drivers/asn1/certificate.ts';
import type { Hsm } from '../drivers/hsm/hsm.ts';
import type { Programmer } from '../drivers/programmers/programmer.ts';
import type { UnitProtocol } from '../drivers/protocols/protocol.ts';
import type { ClockTrust } from './audit/log.ts';
import type { Clock } from './clock.ts';
import type { StationDescription } from './contract/api.ts';
import type { Mode } from './contract/record.ts';
import type { Scanning } from './contract/scanners.ts';
import type { Press } from './labels/press.ts';
import type { Log } from './log.ts';
import type { MesSettings, WebhookSettings } from './mes/settings.ts';
import type { CaUpload } from './practice-ca.ts';
import type { PracticeTpmMaker } from './practice-tpm.ts';
import type { PracticeVendor } from './practice-vendor.ts';
import type { Retention } from './privacy/due.ts';
import type { Lane } from './run/lanes.ts';
import type { Db } from './store/open.ts';
import type { DpsClient } from './sync/dps/client.ts';
import type { HubClient } from './sync/hub/client.ts';

/** What a station is composed of: its folder's database, and the drivers that reach the outside world. */
export type StationParts = {
  readonly db: Db;
  readonly hsm: Hsm;
  /** The token with the audit log's keys, where it is one of its own. */
  readonly auditHsm?: Hsm;
  readonly lanes: readonly Lane[];
  readonly protocols: Readonly<Record<string, UnitProtocol>>;
  /** Programs of this machine that recipes may name to write units' firmware. */
  readonly programmers?: Readonly<Record<string, Programmer>>;
  /** What units are told of DPS. */
  readonly dps: { readonly idScope: string; readonly endpoint: string };
  /** The service that the outbox goes to; none on a station that only makes units. */
  readonly client?: DpsClient;
  /** Where files for whoever enrols by hand go. */
  readonly handOver?: string;
  /** The registry of the IoT hub that recipes with target: hub write to. */
  readonly hub?: HubClient;
  /** Where files for IoT Central go. */
  readonly centralFolder?: string;
  /** Folders with anchors of the audit trail, the station's own first. Without them there are no anchors, the token and the cloud neither. */
  readonly anchorFolders?: readonly string[];
  /** How long what names people and units is kept; for good, when left out. */
  readonly retention?: Retention;
  /** After how many minutes that nobody uses a screen its person is signed out. */
  readonly idleMinutes?: number;
  /** Where factory systems ask, and who is told of results. */
  readonly mes?: MesSettings;
  readonly webhooks?: readonly WebhookSettings[];
  readonly clock: Clock;
  readonly log: Log;
  readonly configHash: string;
  /** Where the station stands, where its configuration says so (F-180). */
  readonly place?: { readonly line?: string; readonly room?: string };
  /** What the station's scanners and labels are set up for. */
  readonly scanning?: Scanning;
  /** Templates of labels, and the printers; none on a station without. */
  readonly press?: Press;
  /** Whether the operating system says that the clock is right; unknown, when nobody asks it. */
  readonly clockTrust?: () => ClockTrust;
  /** Identity for a folder that has none yet. */
  readonly found?: { readonly mode: Mode; readonly station: string };
  /** Roots and intermediates of TPM makers, out of the folder tpm-roots; recipes pin the roots. */
  readonly vendorRoots?: readonly Certificate[];
  /** Random bytes for serial numbers, instead of node:crypto's: tests make them collide. */
  readonly serialNumbers?: (bytes: number) => Buffer;
  /** The portal of the practice line's DPS. */
  readonly uploadCa?: CaUpload;
  /** Whoever makes certificates elsewhere, on the practice line. */
  readonly vendor?: PracticeVendor;
  /** Whoever makes TPMs, on the practice line. */
  readonly tpmMaker?: PracticeTpmMaker;
  /** Ends this process so that whoever watches over it starts it again; none where nobody does. */
  readonly restart?: () => void;
  /** What only the practice line shows: its ready-made people and the labels to scan. */
  readonly practice?: { readonly people: StationDescription['practice']; labels(): readonly string[] };
};
