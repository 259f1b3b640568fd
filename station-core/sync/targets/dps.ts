import { type ErrorData, StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { DpsClient } from '../dps/client.ts';
import type { KeyedBody } from '../dps/keyed-json.ts';
import { differs, holdsCertificate, sameCertificates } from '../dps/same.ts';
import type { Bulk, Enrollment } from '../dps/schemas.ts';
import type { Carried, Certificates, Fate, Target } from './target.ts';

export type DpsTargetNeed = {
  readonly client: DpsClient;
  /** What a row's credential puts into its request: opened keys, which the target zeroes, or certificates. */
  readonly carriedOf: (row: OutboxRow) => Promise<Carried>;
};

const alreadyThere = 409201;

/** What is wrong with one row's secret; everything else about the HSM concerns every row. */
const ofOneRow: ReadonlySet<string> = new Set(['hsm.unsealable', 'store.damaged']);

/** Azure DPS: individual enrollments in bulk calls of at most 10 (DPS REST API, bulk), groups looked up. */
export class DpsTarget implements Target {
  readonly name = 'dps';
  readonly batch = 10;
  readonly #need: DpsTargetNeed;

  constructor(need: DpsTargetNeed) {
    this.#need = need;
  }

  reachable(signal: AbortSignal): Promise<boolean> {
    return this.#need.client.reachable(signal);
  }

  async send(rows: readonly OutboxRow[], signal: AbortSignal): Promise<ReadonlyMap<number, Fate>> {
    const fates = new Map<number, Fate>();
    for (const row of rows) {
      if (row.action === 'expect-group') fates.set(row.id, await this.#expectGroup(row, signal));
      if (row.action === 'create-group') fates.set(row.id, await this.#createGroup(row, signal));
      if (row.action === 'disable' || row.action === 'roll') fates.set(row.id, await this.#change(row, signal));
    }
    const creates = rows.filter((row) => row.action === 'create');
    if (creates.length > 0) await this.#create(creates, fates, signal);
    return fates;
  }

  async #expectGroup(row: OutboxRow, signal: AbortSignal): Promise<Fate> {
    const group = await this.#need.client.getGroup(row.registrationId, signal);
    if (!group) return { park: { code: 'cloud.no-group', details: { group: row.registrationId } } };
    return { done: JSON.stringify({ answer: 'present', etag: group.etag }) };
  }

  /** Makes the group with its signing certificate, unless it is there: then that must be in one of its slots (rollover has two). */
  async #createGroup({ registrationId: group, body }: OutboxRow, signal: AbortSignal): Promise<Fate> {
    const { client } = this.#need;
    const theirs = await client.getGroup(group, signal);
    if (!theirs) {
      const made = await client.putGroup(group, { enrollmentGroupId: group, ...(body as object) }, undefined, signal);
      return { done: JSON.stringify({ answer: 'created', etag: made.etag }) };
    }
    const { signingCertificates } = (body as GroupBody).attestation.x509;
    if (holdsCertificate(signingCertificates.primary.certificate, theirs.attestation.x509?.signingCertificates))
      return { done: JSON.stringify({ answer: 'existing', etag: theirs.etag }) };
    return { park: { code: 'cloud.different', details: { what: 'its signing certificate' } } };
  }

  /** Changes an enrollment that is there, bound to what was read (If-Match), or makes a disabled one. */
  async #change(row: OutboxRow, signal: AbortSignal): Promise<Fate> {
    const { client } = this.#need;
    const { registrationId } = row;
    const theirs = await client.getEnrollment(registrationId, signal);
    const change = row.action === 'disable' ? await this.#disabled(row, theirs) : await this.#rolled(row, theirs);
    if ('done' in change || 'park' in change) return change;
    try {
      const { etag } = await client.putEnrollment(
        registrationId,
        { registrationId, ...change.body },
        theirs?.etag,
        signal,
      );
      return { done: JSON.stringify({ answer: theirs ? 'changed' : 'created', etag }) };
    } catch (thrown) {
      if (!(thrown instanceof StationError) || thrown.code !== 'cloud.rejected') throw thrown;
      const error = thrown.toData();
      // Somebody changed it between the two calls: it is read again.
      return error.details.status === 412 ? { retry: error } : { park: error };
    }
  }

  /** Both certificates of a rolled leaf in their slots (dps-reference 7.3). */
  async #rolled(row: OutboxRow, theirs: Enrollment | undefined): Promise<Change> {
    if (!theirs)
      return { park: { code: 'cloud.different', details: { what: 'there is no entry to put the certificate in' } } };
    const carried = await this.#need.carriedOf(row);
    if (!('certificates' in carried))
      return { park: { code: 'cloud.different', details: { what: 'attestation type' } } };
    if (sameCertificates(carried.certificates, theirs.attestation.x509?.clientCertificates)) {
      return { done: JSON.stringify({ answer: 'existing', etag: theirs.etag }) };
    }
    return { body: certifiedBody(theirs, carried.certificates).body };
  }

  /** Disabled, never deleted: a unit whose CA has an enabled group could come back (dps-reference 7.4). */
  async #disabled(row: OutboxRow, theirs: Enrollment | undefined): Promise<Change> {
    if (theirs?.provisioningStatus === 'disabled')
      return { done: JSON.stringify({ answer: 'existing', etag: theirs.etag }) };
    const own = row.body as KeyedBody['body'];
    const body = theirs ?? (isOfTpm(row) ? carriedBody(own, await this.#need.carriedOf(row)).body : own);
    return { body: { ...body, provisioningStatus: 'disabled' } };
  }

  async #create(rows: readonly OutboxRow[], fates: Map<number, Fate>, signal: AbortSignal): Promise<void> {
    const bodies: KeyedBody[] = [];
    const sendable: OutboxRow[] = [];
    try {
      for (const row of rows) {
        const body = await this.#body(row, fates);
        if (!body) continue;
        bodies.push(body);
        sendable.push(row);
      }
      const result = sendable.length > 0 ? await this.#bulk(sendable, bodies, fates, signal) : undefined;
      if (result) await this.#settle(sendable, bodies, result, fates, signal);
    } finally {
      for (const { keys } of bodies) {
        keys?.primary.fill(0);
        keys?.secondary.fill(0);
      }
    }
  }

  /** A row's body with its keys; a row whose own secret cannot be opened is parked, and stops no other. */
  async #body(row: OutboxRow, fates: Map<number, Fate>): Promise<KeyedBody | undefined> {
    try {
      const body = { registrationId: row.registrationId, ...(row.body as object) };
      if (row.credential === null && !isOfTpm(row)) return { body };
      return carriedBody(body, await this.#need.carriedOf(row));
    } catch (thrown) {
      if (!(thrown instanceof StationError) || !ofOneRow.has(thrown.code)) throw thrown;
      fates.set(row.id, { park: thrown.toData() });
      return undefined;
    }
  }

  /** One bulk call. A request refused as a whole is cut in two, so that one bad row never stops the rest. */
  async #bulk(
    rows: readonly OutboxRow[],
    bodies: readonly KeyedBody[],
    fates: Map<number, Fate>,
    signal: AbortSignal,
  ): Promise<Bulk | undefined> {
    try {
      return await this.#need.client.bulk('create', bodies, signal);
    } catch (thrown) {
      if (!(thrown instanceof StationError) || thrown.code !== 'cloud.rejected') throw thrown;
      const [only] = rows;
      if (rows.length === 1 && only) fates.set(only.id, { park: thrown.toData() });
      else {
        const half = Math.ceil(rows.length / 2);
        await this.#create(rows.slice(0, half), fates, signal);
        await this.#create(rows.slice(half), fates, signal);
      }
      return undefined;
    }
  }

  async #settle(
    rows: readonly OutboxRow[],
    bodies: readonly KeyedBody[],
    result: Bulk,
    fates: Map<number, Fate>,
    signal: AbortSignal,
  ): Promise<void> {
    const errors = new Map((result.errors ?? []).map((error) => [error.registrationId.toLowerCase(), error.errorCode]));
    checkBulk(rows, result, errors);
    for (const [index, row] of rows.entries()) {
      const body = bodies[index];
      const code = errors.get(row.registrationId);
      if (code === undefined) fates.set(row.id, { done: JSON.stringify({ answer: 'created' }) });
      else if (code === alreadyThere && body) fates.set(row.id, await this.#compare(row, body, signal));
      else fates.set(row.id, fateOf(code));
    }
  }

  /** What is there already under this ID: ours (a reply was lost), or somebody else's, which is never overwritten. */
  async #compare(row: OutboxRow, body: KeyedBody, signal: AbortSignal): Promise<Fate> {
    const { client } = this.#need;
    const theirs = await client.getEnrollment(row.registrationId, signal);
    if (!theirs)
      return { retry: { code: 'cloud.malformed', details: { what: 'a conflict with an entry that is not there' } } };
    try {
      // Certificates are shown with the entry; symmetric keys only to who may read them.
      const attestation = body.keys
        ? await client.attestationOf('enrollments', row.registrationId, signal)
        : theirs.attestation;
      const what = differs(body, theirs, attestation);
      if (what === undefined) return { done: JSON.stringify({ answer: 'existing', etag: theirs.etag }) };
      return { park: { code: 'cloud.different', details: { what } } };
    } catch (thrown) {
      if (!(thrown instanceof StationError) || thrown.code !== 'cloud.refused') throw thrown;
      return { park: { code: 'cloud.different', details: { what: 'its keys may not be read' } } };
    }
  }
}

/** What an enrollment is to become, or that it is so already. */
type Change =
  | { readonly body: { readonly [name: string]: unknown } }
  | Extract<Fate, { done: string } | { park: ErrorData }>;

/** Whether the row's enrollment is by an endorsement key, which stands in no row of the outbox (F-92). */
const isOfTpm = ({ body }: OutboxRow): boolean =>
  (body as { readonly attestation?: { readonly type?: unknown } }).attestation?.type === 'tpm';

function carriedBody(body: KeyedBody['body'], carried: Carried): KeyedBody {
  if ('keys' in carried) return { body, keys: carried.keys };
  if ('certificates' in carried) return certifiedBody(body, carried.certificates);
  const { endorsementKey } = carried;
  return { body: { ...body, attestation: { type: 'tpm', tpm: { endorsementKey } } }, endorsementKey };
}

type GroupBody = {
  readonly attestation: {
    readonly x509: { readonly signingCertificates: { readonly primary: { readonly certificate: string } } };
  };
};

/** A body with the certificates in their slots (dps-reference 2.4, X509Certificates). */
function certifiedBody(body: KeyedBody['body'], certificates: Certificates): KeyedBody {
  const { primary, secondary } = certificates;
  const clientCertificates = {
    primary: { certificate: primary },
    ...(secondary === undefined ? {} : { secondary: { certificate: secondary } }),
  };
  return { body: { ...body, attestation: { type: 'x509', x509: { clientCertificates } } }, certificates };
}

/** The verdict and the list of errors must agree, and speak of our rows only; anything else counts as no answer. */
function checkBulk(rows: readonly OutboxRow[], result: Bulk, errors: ReadonlyMap<string, number>): void {
  const ours = new Set(rows.map((row) => row.registrationId));
  const strange = [...errors.keys()].some((id) => !ours.has(id));
  if (strange || result.isSuccessful !== (errors.size === 0)) {
    throw new StationError('cloud.malformed', { what: 'a bulk answer that contradicts itself' });
  }
}

/** An item's error number is its HTTP status times a thousand plus a sub-code (DPS REST API, errors). */
function fateOf(code: number): Fate {
  const status = Math.floor(code / 1_000);
  if (status === 429) return { retry: { code: 'cloud.throttled', details: { seconds: 0 } } };
  if (status >= 500) return { retry: { code: 'cloud.failed', details: { status } } };
  return { park: { code: 'cloud.rejected', details: { status, reason: String(code) } } };
}
