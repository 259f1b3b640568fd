-- The spine: who the station is, people, orders, units, runs, credentials, the journal, the audit entries, the outbox.
-- Times are ISO 8601 UTC text, except where a column says _ms (Unix milliseconds, to be compared by SQL).

CREATE TABLE station (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mode TEXT NOT NULL CHECK (mode IN ('practice', 'production')),
  station TEXT NOT NULL,
  origin TEXT NOT NULL,
  made_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER station_is_written_once BEFORE UPDATE ON station
BEGIN SELECT RAISE(ABORT, 'the station row is written once'); END;
CREATE TRIGGER station_is_kept BEFORE DELETE ON station
BEGIN SELECT RAISE(ABORT, 'the station row is written once'); END;

-- Clear values that name a unit or a person, each with a salt of its own. Everything else points here or holds the
-- commitment, so that erasing a person empties value and salt and breaks no chain.
CREATE TABLE disclosure (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  value TEXT,
  salt BLOB,
  commitment TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX disclosure_value ON disclosure (label, value);

CREATE TABLE key_reference (
  purpose TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  id TEXT NOT NULL,
  check_value TEXT NOT NULL
) STRICT;

CREATE TABLE operator (
  id INTEGER PRIMARY KEY,
  person INTEGER NOT NULL UNIQUE REFERENCES disclosure (id),
  role TEXT NOT NULL CHECK (role IN ('technician', 'lead', 'security-officer', 'auditor')),
  salt BLOB NOT NULL,
  verifier BLOB NOT NULL,
  made_at TEXT NOT NULL
) STRICT;

CREATE TABLE approval (
  id TEXT PRIMARY KEY,
  operation BLOB NOT NULL,
  method TEXT NOT NULL,
  approver INTEGER NOT NULL REFERENCES operator (id),
  granted_at TEXT NOT NULL,
  used_at TEXT
) STRICT;

CREATE TABLE recipe (
  hash BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  bytes TEXT NOT NULL,
  approved_at TEXT
) STRICT;

CREATE TABLE work_order (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  recipe BLOB NOT NULL REFERENCES recipe (hash),
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  armed TEXT NOT NULL CHECK (armed IN ('no', 'proven', 'accepted')),
  quantity INTEGER NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0,
  made_at TEXT NOT NULL
) STRICT;

CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  work_order INTEGER NOT NULL REFERENCES work_order (id),
  serial INTEGER NOT NULL REFERENCES disclosure (id),
  mac INTEGER REFERENCES disclosure (id),
  registration INTEGER NOT NULL UNIQUE REFERENCES disclosure (id),
  facts TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'finished', 'quarantined')),
  finished_at TEXT
) STRICT;
CREATE INDEX unit_serial ON unit (serial);
CREATE INDEX unit_open ON unit (work_order, id) WHERE state <> 'finished';

-- A run's row is what its journal says, kept for looking up; the journal is the record.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id),
  lane INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  outcome TEXT
) STRICT;
CREATE UNIQUE INDEX run_open ON run (unit) WHERE outcome IS NULL;
CREATE INDEX run_lane ON run (lane, id);

CREATE TABLE journal (
  n INTEGER PRIMARY KEY,
  run INTEGER REFERENCES run (id),
  body TEXT NOT NULL
) STRICT;
CREATE INDEX journal_run ON journal (run, n);

CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  bytes TEXT NOT NULL,
  leaf BLOB NOT NULL
) STRICT;

CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER audit_is_append_only_u BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_append_only_d BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- One credential of one unit. The operation id belongs to the credential, not to the run; the fingerprint is SHA-256 of
-- the secret and unique, so that no two units ever get the same one (F-28). A derived key is never kept (F-26).
CREATE TABLE credential (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id),
  operation BLOB NOT NULL UNIQUE CHECK (length(operation) = 16),
  kind TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('derived', 'random')),
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  sealed BLOB,
  state TEXT NOT NULL CHECK (state IN ('made', 'released', 'committed', 'proven', 'destroyed')),
  made_at TEXT NOT NULL
) STRICT;
CREATE INDEX credential_unit ON credential (unit);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  registration INTEGER NOT NULL REFERENCES disclosure (id),
  action TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  credential INTEGER REFERENCES credential (id),
  after INTEGER REFERENCES outbox (id),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL,
  lease_ms INTEGER,
  state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done', 'parked')),
  receipt TEXT,
  reason TEXT,
  UNIQUE (target, registration, version)
) STRICT;
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (state, id) WHERE state IN ('leased', 'parked');

-- How many rows are in each state, kept by triggers: counting a backlog must not grow with history.
CREATE TABLE outbox_tally (
  state TEXT PRIMARY KEY,
  rows INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_tally (state, rows) VALUES ('queued', 0), ('leased', 0), ('done', 0), ('parked', 0);
CREATE TRIGGER outbox_tally_insert AFTER INSERT ON outbox
BEGIN UPDATE outbox_tally SET rows = rows + 1 WHERE state = NEW.state; END;
CREATE TRIGGER outbox_tally_update AFTER UPDATE OF state ON outbox WHEN OLD.state <> NEW.state
BEGIN
  UPDATE outbox_tally SET rows = rows - 1 WHERE state = OLD.state;
  UPDATE outbox_tally SET rows = rows + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox rows are kept with their receipts'); END;
