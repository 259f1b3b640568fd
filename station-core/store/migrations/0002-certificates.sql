-- The intermediate CA: issuers whose keys are in the HSM, every certificate that was ever to be signed, revocations, CRLs.
-- Times are ISO 8601 UTC text, except where a column says _ms (Unix milliseconds, to be compared by SQL).

-- Key pairs that the station itself signs with (the audit log's), each with one purpose.
CREATE TABLE signing_key (
  purpose TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  algorithm TEXT NOT NULL
) STRICT;

-- The latest time that any audit entry was written at, within a second: the entries themselves may go back with the clock.
CREATE TABLE clock_mark (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  latest_ms INTEGER NOT NULL
) STRICT;
INSERT INTO clock_mark (one, latest_ms) VALUES (1, 0);

-- One CA key in the HSM. `waiting`: its CSR is out. `active`: its certificate and chain are here, it may sign.
-- `retired`: it signs CRLs only. `destroyed`: its key is gone.
CREATE TABLE issuer (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('intermediate', 'practice-root')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'retired', 'destroyed')),
  label TEXT NOT NULL,
  key_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  subject TEXT NOT NULL,
  csr BLOB NOT NULL,
  certificate BLOB,
  chain BLOB,
  -- The ceremony's record: canonical JSON, and its signature by the audit key.
  record TEXT NOT NULL,
  signature BLOB,
  -- How many leaves it may issue, and how many it has set out to.
  quota INTEGER,
  issued INTEGER NOT NULL DEFAULT 0,
  crl_number INTEGER NOT NULL DEFAULT 0,
  made_at TEXT NOT NULL
) STRICT;

-- Written before the HSM signs: `intended` has its serial and exact TBS and no result yet. `unsigned`: the HSM certainly
-- did not sign. `possible`: it may have signed, and nobody has the certificate. `issued`: here it is.
CREATE TABLE certificate (
  id INTEGER PRIMARY KEY,
  issuer INTEGER NOT NULL REFERENCES issuer (id),
  serial BLOB NOT NULL UNIQUE CHECK (length(serial) BETWEEN 17 AND 20),
  purpose TEXT NOT NULL CHECK (purpose IN ('leaf', 'module', 'verification', 'root', 'intermediate')),
  unit INTEGER REFERENCES unit (id),
  registration INTEGER REFERENCES disclosure (id),
  key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
  tbs BLOB NOT NULL,
  csr BLOB,
  not_after_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intended', 'unsigned', 'possible', 'issued')),
  der BLOB,
  fingerprint BLOB UNIQUE,
  intended_at TEXT NOT NULL,
  CHECK ((state = 'issued') = (der IS NOT NULL AND fingerprint IS NOT NULL))
) STRICT;
CREATE INDEX certificate_unit ON certificate (unit) WHERE unit IS NOT NULL;
CREATE INDEX certificate_key ON certificate (key_hash);
CREATE INDEX certificate_open ON certificate (state, id) WHERE state IN ('intended', 'possible');
CREATE INDEX certificate_expiry ON certificate (not_after_ms);

-- What was to be signed never changes, and no row goes away: every serial number that was ever used stays known.
CREATE TRIGGER certificate_is_kept BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'certificates are kept'); END;
CREATE TRIGGER certificate_tbs_is_kept BEFORE UPDATE OF serial, tbs, issuer, purpose, key_hash ON certificate
BEGIN SELECT RAISE(ABORT, 'what was to be signed never changes'); END;
CREATE TRIGGER certificate_der_is_kept BEFORE UPDATE OF der, fingerprint ON certificate WHEN OLD.der IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a certificate never changes'); END;

CREATE TABLE revocation (
  certificate INTEGER PRIMARY KEY REFERENCES certificate (id),
  reason TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE crl (
  issuer INTEGER NOT NULL REFERENCES issuer (id),
  number INTEGER NOT NULL,
  der BLOB NOT NULL,
  this_update TEXT NOT NULL,
  next_update TEXT NOT NULL,
  PRIMARY KEY (issuer, number)
) STRICT;

-- Units that were thrown away: they are never made again, and their cloud entry is disabled.
CREATE TABLE scrapped (
  unit INTEGER PRIMARY KEY REFERENCES unit (id),
  reason TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- Credentials are certificates' keys, too: made by the unit, made by the station, or the unit's own. The fingerprint is then
-- SHA-256 of the public key, so that no two units ever have the same one (F-72).
CREATE TABLE credential_new (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id),
  operation BLOB NOT NULL UNIQUE CHECK (length(operation) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('symmetric-key', 'x509')),
  source TEXT NOT NULL CHECK (source IN ('derived', 'random', 'unit', 'station', 'own', 'csr', 'stored')),
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  sealed BLOB,
  certificate INTEGER REFERENCES certificate (id),
  state TEXT NOT NULL CHECK (state IN ('made', 'released', 'committed', 'proven', 'destroyed')),
  made_at TEXT NOT NULL
) STRICT;
INSERT INTO credential_new (id, unit, operation, kind, source, fingerprint, sealed, state, made_at)
  SELECT id, unit, operation, kind, source, fingerprint, sealed, state, made_at FROM credential;
DROP TABLE credential;
ALTER TABLE credential_new RENAME TO credential;
CREATE INDEX credential_unit ON credential (unit);
