import Database from 'better-sqlite3';
import type { Right } from './switches.ts';

export type SymmetricKey = { readonly primaryKey: string; readonly secondaryKey: string };

export type Authentication =
  | { readonly type: 'sas'; readonly symmetricKey: SymmetricKey }
  | {
      readonly type: 'selfSigned';
      readonly x509Thumbprint: {
        readonly primaryThumbprint: string | null;
        readonly secondaryThumbprint: string | null;
      };
    }
  | { readonly type: 'certificateAuthority' };

/** A device or, with a module ID, a module, and its twin. IDs are kept as they were given: a hub tells case apart. */
export type Kept = {
  readonly deviceId: string;
  readonly moduleId?: string;
  readonly generationId: string;
  readonly etag: string;
  readonly status: 'enabled' | 'disabled';
  readonly statusReason: string | null;
  readonly authentication: Authentication;
  readonly iotEdge: boolean;
  readonly managedBy?: string;
  readonly tags: object;
  readonly desired: object;
};

export type Policy = { readonly name: string; readonly rights: readonly Right[]; readonly key: string };

const SCHEMA = `
create table if not exists setting (name text primary key, value text not null) strict;
create table if not exists policy (name text primary key, body text not null) strict;
create table if not exists identity (
  device text not null, module text not null, body text not null, primary key (device, module)
) strict;
`;

/** The registry, in one SQLite file. It survives the death of the process at any moment. */
export class Store {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = wal');
    this.#db.pragma('synchronous = normal');
    this.#db.exec(SCHEMA);
  }

  close(): void {
    this.#db.close();
  }

  /** Runs several writes as one transaction. */
  together<T>(act: () => T): T {
    return this.#db.transaction(act)();
  }

  setting(name: string, make: () => string): string {
    this.#db.prepare('insert into setting values (?, ?) on conflict do nothing').run(name, make());
    return (this.#db.prepare('select value from setting where name = ?').get(name) as { value: string }).value;
  }

  policy(name: string): Policy | undefined {
    return this.#bodies<Policy>('select body from policy where name = ?', name)[0];
  }

  savePolicy(policy: Policy): void {
    this.#db.prepare('insert or replace into policy values (?, ?)').run(policy.name, JSON.stringify(policy));
  }

  find(deviceId: string, moduleId = ''): Kept | undefined {
    return this.#bodies<Kept>('select body from identity where device = ? and module = ?', deviceId, moduleId)[0];
  }

  save(identity: Kept): void {
    const { deviceId, moduleId = '' } = identity;
    this.#db
      .prepare('insert or replace into identity values (?, ?, ?)')
      .run(deviceId, moduleId, JSON.stringify(identity));
  }

  /** A device goes with its modules. */
  remove(deviceId: string, moduleId: string | undefined): void {
    const which = moduleId === undefined ? 'device = ?' : 'device = ? and module = ?';
    this.#db
      .prepare(`delete from identity where ${which}`)
      .run(...(moduleId === undefined ? [deviceId] : [deviceId, moduleId]));
  }

  modulesOf(deviceId: string): Kept[] {
    return this.#bodies(`select body from identity where device = ? and module <> '' order by module`, deviceId);
  }

  /** Devices whose ID comes after `after`, in the order of their IDs. */
  devicesAfter(after: string, count: number): Kept[] {
    return this.#bodies(
      `select body from identity where module = '' and device > ? order by device limit ?`,
      after,
      count,
    );
  }

  #bodies<T>(sql: string, ...values: unknown[]): T[] {
    const rows = this.#db.prepare(sql).all(...values) as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as T);
  }
}
