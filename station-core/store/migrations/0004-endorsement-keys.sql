-- Units with a TPM: their endorsement keys, lists of keys that came from TPM makers, and what the station keeps for such lines.
-- Times are ISO 8601 UTC text.

-- A unit whose registration ID follows from its endorsement key has none before that was read.
CREATE TABLE unit_new (
  id INTEGER PRIMARY KEY,
  work_order INTEGER NOT NULL REFERENCES work_order (id),
  serial INTEGER NOT NULL REFERENCES disclosure (id),
  mac INTEGER REFERENCES disclosure (id),
  registration INTEGER UNIQUE REFERENCES disclosure (id),
  facts TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'finished', 'quarantined')),
  finished_at TEXT
) STRICT;
INSERT INTO unit_new (id, work_order, serial, mac, registration, facts, state, finished_at)
  SELECT id, work_order, serial, mac, registration, facts, state, finished_at FROM unit;
DROP TABLE unit;
ALTER TABLE unit_new RENAME TO unit;
CREATE INDEX unit_serial ON unit (serial);
CREATE INDEX unit_mac ON unit (mac) WHERE mac IS NOT NULL;
CREATE INDEX unit_open ON unit (work_order, id) WHERE state <> 'finished';

-- One endorsement key, one unit; one unit, one key (promise G). `list`: it came from a TPM maker ahead, and waits for its unit.
CREATE TABLE endorsement_key (
  id INTEGER PRIMARY KEY,
  -- SHA-256 of the TPM2B_PUBLIC, and the TPM2B_PUBLIC itself: the one place where it is kept (F-92).
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  public BLOB NOT NULL,
  -- DER, as it lay in the TPM or stood in the list.
  certificate BLOB,
  list TEXT,
  -- As what the cloud knows it.
  registration INTEGER UNIQUE REFERENCES disclosure (id),
  unit INTEGER UNIQUE REFERENCES unit (id),
  added_at TEXT NOT NULL,
  seen_at TEXT,
  CHECK ((unit IS NULL) = (seen_at IS NULL)),
  CHECK (unit IS NOT NULL OR list IS NOT NULL)
) STRICT;
CREATE INDEX endorsement_key_list ON endorsement_key (list, unit) WHERE list IS NOT NULL;

CREATE TRIGGER endorsement_key_is_kept BEFORE DELETE ON endorsement_key
BEGIN SELECT RAISE(ABORT, 'endorsement keys are kept'); END;
CREATE TRIGGER endorsement_key_stays BEFORE UPDATE OF sha256, public, list ON endorsement_key
BEGIN SELECT RAISE(ABORT, 'an endorsement key never changes'); END;
CREATE TRIGGER endorsement_key_is_claimed_once BEFORE UPDATE OF unit ON endorsement_key WHEN OLD.unit IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an endorsement key is claimed once'); END;

-- Secrets that recipes name, sealed under the HSM's sealing key.
CREATE TABLE named_secret (
  name TEXT PRIMARY KEY,
  sealed BLOB NOT NULL,
  set_at TEXT NOT NULL
) STRICT;

-- Lanes that stopped since two units claim to be one, until a lead has looked at them.
CREATE TABLE lane_stop (
  lane INTEGER PRIMARY KEY,
  error TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
