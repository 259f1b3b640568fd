-- Erasing what names a person or a unit, and what keeps it from being erased. Times are ISO 8601 UTC text.

-- What an erased serial, registration ID, MAC or endorsement key is recognised by: HMAC under a key that only the HSM can make
-- again. An identity that was erased must not silently become another unit's; without the HSM nobody can tell whose it was.
ALTER TABLE disclosure ADD COLUMN fingerprint BLOB CHECK (fingerprint IS NULL OR length(fingerprint) = 32);
CREATE UNIQUE INDEX disclosure_erased ON disclosure (label, fingerprint) WHERE fingerprint IS NOT NULL;

-- What an approval's hash is keyed with until it is used: entries name the hash, and a hash of a name alone could be guessed.
ALTER TABLE approval ADD COLUMN salt BLOB;

-- Has its row only inside the transaction of an erasure: then texts of the journal may lose names, and nothing else of it changes.
CREATE TABLE erasing (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;

DROP TRIGGER journal_is_append_only_u;
CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
WHEN NEW.n IS NOT OLD.n OR NEW.run IS NOT OLD.run OR NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

DROP TRIGGER endorsement_key_stays;
CREATE TRIGGER endorsement_key_stays BEFORE UPDATE OF sha256, public, list ON endorsement_key
WHEN NEW.list IS NOT OLD.list OR NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, 'an endorsement key never changes'); END;

-- Records that must be kept whatever period ends and whoever asks: of a person, a unit (its serial), an order, or all.
CREATE TABLE legal_hold (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('person', 'unit', 'order', 'all')),
  subject INTEGER REFERENCES disclosure (id),
  work_order INTEGER REFERENCES work_order (id),
  reason TEXT NOT NULL,
  placed_at TEXT NOT NULL,
  released_at TEXT,
  CHECK ((scope IN ('person', 'unit')) = (subject IS NOT NULL)),
  CHECK ((scope = 'order') = (work_order IS NOT NULL))
) STRICT;
CREATE INDEX legal_hold_open ON legal_hold (scope) WHERE released_at IS NULL;
CREATE TRIGGER legal_hold_is_kept BEFORE DELETE ON legal_hold
BEGIN SELECT RAISE(ABORT, 'legal holds are kept'); END;
