-- The air gap: whom bundles are encrypted to, the bundles that were made, and which outbox rows lie in which.
-- Times are ISO 8601 UTC text, except where a column says _ms (Unix milliseconds, to be compared by SQL).

-- Public keys of machines that apply bundles, each pinned by two people; bundles go to the current one. Keys in base64 of DER.
CREATE TABLE applier (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  encryption TEXT NOT NULL,
  receipts TEXT NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  pinned_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX applier_current ON applier (current) WHERE current = 1;
CREATE TRIGGER applier_is_kept BEFORE DELETE ON applier
BEGIN SELECT RAISE(ABORT, 'appliers are kept with their bundles'); END;
CREATE TRIGGER applier_keys_stay BEFORE UPDATE OF fingerprint, encryption, receipts ON applier
BEGIN SELECT RAISE(ABORT, 'a pinned key never changes'); END;

-- `making`: its number and its rows are written down, it has no bytes yet. `open`: its bytes are here and may be carried.
-- `closed`: receipts came for every row. `expired`: they did not, in time. `dropped`: it never came to bytes.
CREATE TABLE bundle (
  sequence INTEGER PRIMARY KEY,
  applier INTEGER NOT NULL REFERENCES applier (id),
  state TEXT NOT NULL CHECK (state IN ('making', 'open', 'closed', 'expired', 'dropped')),
  -- SHA-256 of the JWS signing input, and of the one before it for the same applier.
  sha256 BLOB UNIQUE CHECK (length(sha256) = 32),
  previous INTEGER REFERENCES bundle (sequence),
  -- What is carried, encrypted: kept until it is closed or expired, so that a lost file can be written again.
  bytes TEXT,
  made_at TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  receipts_number INTEGER NOT NULL DEFAULT 0,
  receipts_sha256 BLOB CHECK (length(receipts_sha256) = 32),
  -- Operations that those receipts say were billed.
  operations REAL NOT NULL DEFAULT 0,
  CHECK ((state IN ('making', 'dropped')) = (sha256 IS NULL)),
  CHECK ((state = 'open') = (bytes IS NOT NULL))
) STRICT;
CREATE INDEX bundle_live ON bundle (state, sequence) WHERE state IN ('making', 'open');
CREATE TRIGGER bundle_is_kept BEFORE DELETE ON bundle
BEGIN SELECT RAISE(ABORT, 'bundles are kept: a sequence is never used twice'); END;
CREATE TRIGGER bundle_stays BEFORE UPDATE OF sequence, applier, sha256, previous ON bundle WHEN OLD.sha256 IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a bundle never changes'); END;

-- `held`: nobody else sends it. `done`, `parked`: so say the receipts. `returned`: it is an ordinary row again.
CREATE TABLE bundle_row (
  bundle INTEGER NOT NULL REFERENCES bundle (sequence),
  row INTEGER NOT NULL REFERENCES outbox (id),
  state TEXT NOT NULL CHECK (state IN ('held', 'done', 'parked', 'returned')),
  PRIMARY KEY (bundle, row)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX bundle_row_held ON bundle_row (row) WHERE state = 'held';
