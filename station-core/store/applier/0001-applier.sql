-- The other side of the air gap, beside the tables of the outbox: whose bundles are applied here, and how far they are.
-- Times are ISO 8601 UTC text.

-- Stations whose key was pinned here. `last` is the newest bundle that was taken: nothing older is ever taken again.
CREATE TABLE trusted_station (
  origin TEXT PRIMARY KEY,
  station TEXT NOT NULL,
  key TEXT NOT NULL,
  last_sequence INTEGER NOT NULL DEFAULT 0,
  last_sha256 BLOB CHECK (length(last_sha256) = 32),
  trusted_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER trusted_station_is_kept BEFORE DELETE ON trusted_station
BEGIN SELECT RAISE(ABORT, 'stations are kept with their sequences'); END;
CREATE TRIGGER trusted_station_stays BEFORE UPDATE OF origin, station, key ON trusted_station
BEGIN SELECT RAISE(ABORT, 'a trusted key never changes'); END;
CREATE TRIGGER trusted_station_goes_forward BEFORE UPDATE OF last_sequence ON trusted_station
WHEN NEW.last_sequence <= OLD.last_sequence
BEGIN SELECT RAISE(ABORT, 'sequences only grow'); END;

-- `bytes`, as they were carried, until every row has its end: keys of units are nowhere else here, and there encrypted.
CREATE TABLE taken_bundle (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL REFERENCES trusted_station (origin),
  sequence INTEGER NOT NULL,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  bytes TEXT,
  expires_ms INTEGER NOT NULL,
  taken_at TEXT NOT NULL,
  -- How many receipts were made for it, and the last ones once they speak of every row.
  receipts_number INTEGER NOT NULL DEFAULT 0,
  receipts TEXT,
  -- Operations that the service billed for it.
  operations REAL NOT NULL DEFAULT 0,
  UNIQUE (origin, sequence)
) STRICT;
CREATE TRIGGER taken_bundle_is_kept BEFORE DELETE ON taken_bundle
BEGIN SELECT RAISE(ABORT, 'bundles are kept with their receipts'); END;

-- Which row of the station's is which here, and how it ended.
CREATE TABLE taken_row (
  bundle INTEGER NOT NULL REFERENCES taken_bundle (id),
  row INTEGER NOT NULL,
  outbox INTEGER NOT NULL UNIQUE REFERENCES outbox (id),
  result TEXT NOT NULL CHECK (result IN ('open', 'done', 'parked', 'returned')),
  -- The receipt of `done`, the error of `parked`: JSON.
  said TEXT,
  PRIMARY KEY (bundle, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_row_open ON taken_row (bundle, row) WHERE result = 'open';
CREATE INDEX taken_row_stuck ON taken_row (bundle, outbox) WHERE result IN ('parked', 'returned');
