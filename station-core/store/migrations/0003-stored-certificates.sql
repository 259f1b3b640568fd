-- Certificates that others made: read from units (their own), or imported ahead (a third-party PKI's, a vendor's list).
-- Times are ISO 8601 UTC text, except where a column says _ms (Unix milliseconds, to be compared by SQL).

-- What stands above leaves, from their issuer up to the root: one row for all leaves of a CA.
CREATE TABLE issuing_path (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  chain BLOB NOT NULL
) STRICT;

-- `free`: no unit has it yet. `drawn`: it is this unit's for good. `spent`: and the unit proved its key, which is gone here.
-- One certificate for a registration ID, one unit for a certificate, one certificate for a key (F-70, F-72).
CREATE TABLE stored_certificate (
  id INTEGER PRIMARY KEY,
  store TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('pki', 'vendor', 'unit')),
  registration INTEGER NOT NULL UNIQUE REFERENCES disclosure (id),
  leaf BLOB NOT NULL,
  path INTEGER NOT NULL REFERENCES issuing_path (id),
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  -- The first of its path to expire.
  not_after_ms INTEGER NOT NULL,
  sealed BLOB,
  state TEXT NOT NULL CHECK (state IN ('free', 'drawn', 'spent')),
  unit INTEGER UNIQUE REFERENCES unit (id),
  added_at TEXT NOT NULL,
  CHECK ((state = 'free') = (unit IS NULL)),
  CHECK ((origin = 'unit') = (store IS NULL)),
  CHECK ((sealed IS NOT NULL) = (origin = 'pki' AND state <> 'spent'))
) STRICT;
CREATE INDEX stored_certificate_store ON stored_certificate (store, origin, state);

CREATE TRIGGER stored_certificate_is_kept BEFORE DELETE ON stored_certificate
BEGIN SELECT RAISE(ABORT, 'certificates are kept'); END;
CREATE TRIGGER stored_certificate_stays BEFORE UPDATE OF store, origin, registration, leaf, path, fingerprint, key_hash
ON stored_certificate
BEGIN SELECT RAISE(ABORT, 'a certificate never changes'); END;
CREATE TRIGGER stored_certificate_is_drawn_once BEFORE UPDATE OF unit ON stored_certificate WHEN OLD.unit IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a certificate is drawn once'); END;
