import Database from 'better-sqlite3';
import {
  type Application,
  type CaCertificate,
  type Challenge,
  type Entry,
  type Kind,
  keyOf,
  type Operation,
  type Question,
  type Registration,
} from './entries.ts';
import type { Right } from './switches.ts';

export type Policy = { name: string; rights: Right[]; primaryKey: string; secondaryKey: string };

const SCHEMA = `
create table if not exists setting (name text primary key, value text not null) strict;
create table if not exists policy (name text primary key, body text not null) strict;
create table if not exists entry (
  number integer primary key, kind text not null, key text not null, body text not null, unique (kind, key)
) strict;
create table if not exists registration (key text primary key, group_key text, body text not null) strict;
create index if not exists registration_by_group on registration (group_key, key);
create table if not exists operation (
  id text primary key, key text not null, made_at integer not null, body text not null
) strict;
create index if not exists operation_by_key on operation (key);
create table if not exists challenge (key text primary key, body text not null) strict;
create table if not exists ca_certificate (key text primary key, body text not null) strict;
create table if not exists question (operation text primary key, body text not null) strict;
create table if not exists application (key text primary key, body text not null) strict;
`;

/** How many there are, counted once at the start and kept by triggers, in memory: counting anew would take too long. */
const TALLY = `
create temp table tally (name text primary key, count integer not null) strict;
insert into tally select 'individual', count(*) from entry where kind = 'individual';
insert into tally select 'registration', count(*) from registration;
create temp trigger entry_made after insert on entry when new.kind = 'individual'
  begin update tally set count = count + 1 where name = 'individual'; end;
create temp trigger entry_gone after delete on entry when old.kind = 'individual'
  begin update tally set count = count - 1 where name = 'individual'; end;
create temp trigger registration_made after insert on registration
  begin update tally set count = count + 1 where name = 'registration'; end;
create temp trigger registration_gone after delete on registration
  begin update tally set count = count - 1 where name = 'registration'; end;
`;

const OPERATION_LIFETIME_MS = 86_400_000;

/**
 * The emulator's state, in one SQLite file. It survives the death of the process at any moment. It is not asked to
 * survive a power cut (synchronous = normal): what the practice line enrolled is of no worth.
 */
export class Store {
  readonly #db: Database.Database;
  readonly #prepared = new Map<string, Database.Statement<unknown[]>>();

  constructor(file: string) {
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = wal');
    this.#db.pragma('synchronous = normal');
    this.#db.pragma('temp_store = memory');
    this.#db.exec(SCHEMA);
    this.#db.exec(TALLY);
  }

  close(): void {
    this.#db.close();
  }

  /** Runs several writes as one transaction. */
  together<T>(act: () => T): T {
    return this.#db.transaction(act)();
  }

  setting(name: string, make: () => string): string {
    this.#sql('insert into setting values (?, ?) on conflict do nothing').run(name, make());
    return (this.#sql('select value from setting where name = ?').get(name) as { value: string }).value;
  }

  policy(name: string): Policy | undefined {
    return this.#one('select body from policy where name = ?', name);
  }

  savePolicy(policy: Policy): void {
    this.#sql('insert or replace into policy values (?, ?)').run(policy.name, JSON.stringify(policy));
  }

  entry(kind: Kind, id: string): Entry | undefined {
    return this.#one('select body from entry where kind = ? and key = ?', kind, keyOf(id));
  }

  saveEntry(entry: Entry): void {
    const sql = `insert into entry (kind, key, body) values (?, ?, ?)
      on conflict (kind, key) do update set body = excluded.body`;
    this.#sql(sql).run(entry.kind, keyOf(entry.id), JSON.stringify(entry));
  }

  deleteEntry(kind: Kind, id: string): void {
    this.#sql('delete from entry where kind = ? and key = ?').run(kind, keyOf(id));
  }

  /** The entries whose key comes after `after`, in the order of their keys. */
  entriesAfter(kind: Kind, after: string, count: number): Entry[] {
    return this.#all('select body from entry where kind = ? and key > ? order by key limit ?', kind, after, count);
  }

  /** All groups, oldest first. */
  groups(): Entry[] {
    return this.#all(`select body from entry where kind = 'group' order by number`);
  }

  registration(id: string): Registration | undefined {
    return this.#one('select body from registration where key = ?', keyOf(id));
  }

  saveRegistration(registration: Registration): void {
    const group = registration.groupId === undefined ? null : keyOf(registration.groupId);
    // Not "or replace", which would count a record again.
    const sql = `insert into registration values (?, ?, ?)
      on conflict (key) do update set group_key = excluded.group_key, body = excluded.body`;
    this.#sql(sql).run(keyOf(registration.state.registrationId), group, JSON.stringify(registration));
  }

  deleteRegistration(id: string): void {
    this.#sql('delete from registration where key = ?').run(keyOf(id));
  }

  registrationsAfter(groupId: string, after: string, count: number): Registration[] {
    const sql = 'select body from registration where group_key = ? and key > ? order by key limit ?';
    return this.#all(sql, keyOf(groupId), after, count);
  }

  operation(registrationId: string, id: string): Operation | undefined {
    return this.#one('select body from operation where key = ? and id = ?', keyOf(registrationId), id);
  }

  /** Whether the device has not registered again since. */
  isNewest(registrationId: string, operationId: string): boolean {
    const sql = 'select id from operation where key = ? order by rowid desc limit 1';
    const row = this.#sql(sql).get(keyOf(registrationId)) as { id: string } | undefined;
    return row?.id === operationId;
  }

  saveOperation(registrationId: string, operation: Operation, now: number): void {
    const key = keyOf(registrationId);
    // The lifetime of operations is not published; a day is longer than any client polls.
    this.#sql('delete from operation where key = ? and made_at < ?').run(key, now - OPERATION_LIFETIME_MS);
    const sql = `insert into operation values (?, ?, ?, ?) on conflict (id) do update set body = excluded.body`;
    this.#sql(sql).run(operation.id, key, now, JSON.stringify(operation));
  }

  /** What webhooks are asked and have not answered. */
  questions(): Question[] {
    return this.#all('select body from question order by rowid');
  }

  saveQuestion(question: Question): void {
    const row = [question.operationId, JSON.stringify(question)];
    this.#sql('insert or replace into question values (?, ?)').run(...row);
  }

  deleteQuestion({ operationId }: Question): void {
    this.#sql('delete from question where operation = ?').run(operationId);
  }

  application(clientId: string): Application | undefined {
    return this.#one('select body from application where key = ?', keyOf(clientId));
  }

  saveApplication(application: Application): void {
    const row = [keyOf(application.clientId), JSON.stringify(application)];
    this.#sql('insert or replace into application values (?, ?)').run(...row);
  }

  /** How many there are, without counting them. */
  tally(of: 'individual' | 'registration'): number {
    return (this.#sql('select count from tally where name = ?').get(of) as { count: number }).count;
  }

  challenge(registrationId: string): Challenge | undefined {
    return this.#one('select body from challenge where key = ?', keyOf(registrationId));
  }

  saveChallenge(registrationId: string, challenge: Challenge): void {
    const row = [keyOf(registrationId), JSON.stringify(challenge)];
    this.#sql('insert or replace into challenge values (?, ?)').run(...row);
  }

  caCertificate(name: string): CaCertificate | undefined {
    return this.#one('select body from ca_certificate where key = ?', keyOf(name));
  }

  /** All CA certificates, in the order of their names. */
  caCertificates(): CaCertificate[] {
    return this.#all('select body from ca_certificate order by key');
  }

  saveCaCertificate(certificate: CaCertificate): void {
    const row = [keyOf(certificate.name), JSON.stringify(certificate)];
    this.#sql('insert or replace into ca_certificate values (?, ?)').run(...row);
  }

  deleteCaCertificate(name: string): void {
    this.#sql('delete from ca_certificate where key = ?').run(keyOf(name));
  }

  #sql(text: string): Database.Statement<unknown[]> {
    const known = this.#prepared.get(text);
    if (known) return known;
    const made = this.#db.prepare<unknown[]>(text);
    this.#prepared.set(text, made);
    return made;
  }

  #one<T>(sql: string, ...values: unknown[]): T | undefined {
    const row = this.#sql(sql).get(...values) as { body: string } | undefined;
    return row && (JSON.parse(row.body) as T);
  }

  #all<T>(sql: string, ...values: unknown[]): T[] {
    return (this.#sql(sql).all(...values) as { body: string }[]).map((row) => JSON.parse(row.body) as T);
  }
}
