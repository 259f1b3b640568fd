import * as z from 'zod/mini';
import { StationError } from '../../contract/errors.ts';
import type { Keys } from '../targets/target.ts';
import { ofThisId, type Requested, requested, understood } from './answers.ts';
import { SasAuthorization } from './authorization.ts';
import type { Connection } from './connection.ts';
import { bulkJson, entryJson, type KeyedBody, sizeOfBulk } from './keyed-json.ts';
import { pages } from './pages.ts';
import {
  type Attestation,
  attestationSchema,
  type Bulk,
  type BulkOfGroups,
  bulkOfGroupsSchema,
  bulkSchema,
  type Enrollment,
  enrollmentSchema,
  type Group,
  groupSchema,
  type Registration,
  registrationSchema,
} from './schemas.ts';
import { type Call, largestMessage, Service, type ServiceNeed } from './service.ts';

export type BulkMode = 'create' | 'update' | 'updateIfMatchETag' | 'delete';

/** With a connection string's key, or with another authorization. */
export type DpsClientNeed = Omit<ServiceNeed, 'authorization'> &
  ({ readonly connection: Connection } | Pick<ServiceNeed, 'authorization'>);

type Kind = 'enrollments' | 'enrollmentGroups';

/** The most entries of one bulk call (DPS REST API, bulk). */
const mostOfBulk = 10;

/**
 * The service API of one DPS instance (DPS REST API 2021-10-01): enrollments, groups, bulk, query, attestation mechanisms,
 * registration records. Every method throws `cloud.unreachable`, `cloud.throttled`, `cloud.failed`, `cloud.malformed`,
 * `cloud.rejected` or `cloud.refused`, or the signal's reason.
 */
export class DpsClient {
  readonly service: Service;

  constructor(need: DpsClientNeed) {
    const authorization = 'connection' in need ? new SasAuthorization(need.connection, need.clock) : need.authorization;
    this.service = new Service({ ...need, authorization });
  }

  /** How far the service's clock is ahead of the station's, in milliseconds, by the last answer; none before one. */
  get skewMs(): number | undefined {
    return this.service.skewMs;
  }

  /** Whether a TLS connection to the service comes about; nothing is asked and nothing is counted. */
  reachable(signal: AbortSignal): Promise<boolean> {
    return this.service.reachable(signal);
  }

  async getEnrollment(id: string, signal: AbortSignal): Promise<Enrollment | undefined> {
    const found = await this.service.read(pathOf('enrollments', id), enrollmentSchema, signal);
    return found && ofThisId(found, found.registrationId, id);
  }

  async getGroup(id: string, signal: AbortSignal): Promise<Group | undefined> {
    const found = await this.service.read(pathOf('enrollmentGroups', id), groupSchema, signal);
    return found && ofThisId(found, found.enrollmentGroupId, id);
  }

  /**
   * Creates, or with `etag` replaces, an enrollment. Throws `cloud.rejected` 409 when one exists and no etag was given.
   * `keys` go into its symmetricKey as bytes (see keyed-json.ts); they are the caller's to zero.
   */
  async putEnrollment(
    id: string,
    body: object,
    etag: string | undefined,
    signal: AbortSignal,
    keys?: Keys,
  ): Promise<Enrollment> {
    const json = entryJson({ body: { ...body }, keys });
    const call: Call = { ...put('enrollments', id, json, etag), keyPairs: keys ? 1 : 0 };
    const made = await this.service.ask(call, enrollmentSchema, signal);
    return ofThisId(made, made.registrationId, id);
  }

  /** As `putEnrollment`, for a group. A group's symmetric keys never leave a station: they are refused here. */
  async putGroup(id: string, body: object, etag: string | undefined, signal: AbortSignal): Promise<Group> {
    const call = put('enrollmentGroups', id, entryJson({ body: { ...body } }), etag);
    const made = await this.service.ask(call, groupSchema, signal);
    return ofThisId(made, made.enrollmentGroupId, id);
  }

  /**
   * What the practice line's owner does for its symmetric group. Throws `station.mode` unless the last answer of the service
   * said that it is the emulator.
   */
  async putEmulatedGroup(id: string, keys: Keys, etag: string | undefined, signal: AbortSignal): Promise<Group> {
    if (!this.service.emulated) {
      throw new StationError('station.mode', { what: 'A group key on its way', mode: this.service.need.mode });
    }
    const json = entryJson({ body: { enrollmentGroupId: id }, keys });
    return this.service.ask({ ...put('enrollmentGroups', id, json, etag), keyPairs: 1 }, groupSchema, signal);
  }

  /** Deletes an enrollment, with `etag` only as it was read; one that is not there counts as deleted. */
  deleteEnrollment(id: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    return this.service.delete(pathOf('enrollments', id), etag, signal);
  }

  /** As `deleteEnrollment`, for a group. Its registration records outlive it: they are deleted first (F-157). */
  deleteGroup(id: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    return this.service.delete(pathOf('enrollmentGroups', id), etag, signal);
  }

  /**
   * At most 10 enrollments of one mode; HTTP 200 also when some of them failed (DPS REST API, bulk).
   * `keys` go into the bodies' symmetricKey as bytes (see keyed-json.ts); they are the caller's to zero.
   */
  bulk(mode: BulkMode, enrollments: readonly KeyedBody[], signal: AbortSignal): Promise<Bulk & Requested> {
    checkCount(enrollments);
    const keyPairs = enrollments.filter(({ keys }) => keys !== undefined).length;
    const body = bulkJson(mode, 'enrollments', enrollments);
    const call = { method: 'POST', path: '/enrollments', body, keyPairs, items: enrollments.length } as const;
    return this.#bulk(call, signal);
  }

  async #bulk(call: Call, signal: AbortSignal): Promise<Bulk & Requested> {
    const answer = await this.service.call(call, signal);
    if (answer.status !== 200) throw this.service.refusal(answer);
    return { ...understood(answer, bulkSchema), ...requested(answer) };
  }

  /** As `bulk`, for groups, which have no keys here. */
  bulkOfGroups(mode: BulkMode, groups: readonly KeyedBody['body'][], signal: AbortSignal): Promise<BulkOfGroups> {
    checkCount(groups);
    const body = bulkJson(
      mode,
      'enrollmentGroups',
      groups.map((group) => ({ body: group })),
    );
    const call = { method: 'POST', path: '/enrollmentGroups', body, items: groups.length } as const;
    return this.service.ask(call, bulkOfGroupsSchema, signal);
  }

  /** Whether these enrollments fit into one bulk call: at most 10, and below 96 KB (F-141). More is refused before it leaves. */
  fits(enrollments: readonly KeyedBody[]): boolean {
    return enrollments.length <= mostOfBulk && sizeOfBulk(enrollments) < largestMessage;
  }

  /** The whole attestation, symmetric keys in clear: for comparing, never for keeping. */
  attestationOf(kind: Kind, id: string, signal: AbortSignal): Promise<Attestation> {
    const path = `${pathOf(kind, id)}/attestationmechanism`;
    return this.service.ask({ method: 'POST', path }, attestationSchema, signal);
  }

  /** Every enrollment, page by page. The service may give fewer than `pageSize` at a time. */
  query(pageSize: number, signal: AbortSignal): AsyncGenerator<Enrollment[]> {
    return pages(this.service, '/enrollments/query', 'enrollments', z.array(enrollmentSchema), pageSize, signal);
  }

  /** Every group, page by page. */
  queryGroups(pageSize: number, signal: AbortSignal): AsyncGenerator<Group[]> {
    return pages(this.service, '/enrollmentGroups/query', 'enrollmentGroups', z.array(groupSchema), pageSize, signal);
  }

  /** The registration records of a group, page by page. There is no list over all groups (dps-reference 2.1). */
  queryRegistrations(group: string, pageSize: number, signal: AbortSignal): AsyncGenerator<Registration[]> {
    const path = `/registrations/${encodeURIComponent(group)}/query`;
    return pages(this.service, path, undefined, z.array(registrationSchema), pageSize, signal);
  }

  /** The record of a device that has registered. */
  async getRegistration(id: string, signal: AbortSignal): Promise<Registration | undefined> {
    const found = await this.service.read(pathOf('registrations', id), registrationSchema, signal);
    return found && ofThisId(found, found.registrationId, id);
  }

  /** Deletes a registration record; one that is not there counts as deleted. */
  deleteRegistration(id: string, etag: string | undefined, signal: AbortSignal): Promise<void> {
    return this.service.delete(pathOf('registrations', id), etag, signal);
  }

  close(): void {
    this.service.close();
  }
}

const pathOf = (kind: Kind | 'registrations', id: string): string => `/${kind}/${encodeURIComponent(id)}`;

function put(kind: Kind, id: string, body: Buffer, etag: string | undefined): Call {
  return { method: 'PUT', path: pathOf(kind, id), body, etag };
}

function checkCount(items: readonly unknown[]): void {
  if (items.length < 1 || items.length > mostOfBulk) throw new RangeError('a bulk call carries 1 to 10 entries');
}
