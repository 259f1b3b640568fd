-- What becomes of a unit after its verdict: shipped, made once more, let out of quarantine; how every credential ends.
-- Times are ISO 8601 UTC text.

-- Each credential ends once: its unit left (`shipped`), it is good for nothing any more (`void`), or another took its place
-- (`re-issued`), which names it in `replaces`. A unit that came back and is scrapped has its credential void.
ALTER TABLE credential ADD COLUMN ended TEXT CHECK (ended IN ('shipped', 'void', 're-issued'));
ALTER TABLE credential ADD COLUMN replaces INTEGER REFERENCES credential (id);
-- Units with a TPM have no credential but this key.
ALTER TABLE endorsement_key ADD COLUMN ended TEXT CHECK (ended IN ('shipped', 'void'));

UPDATE credential SET replaces = (SELECT max(p.id) FROM credential p WHERE p.unit = credential.unit AND p.id < credential.id);
UPDATE credential SET ended = 're-issued'
  WHERE EXISTS (SELECT 1 FROM credential n WHERE n.unit = credential.unit AND n.id > credential.id);
UPDATE credential SET ended = 'void' WHERE ended IS NULL AND unit IN (SELECT unit FROM scrapped);
UPDATE endorsement_key SET ended = 'void' WHERE unit IN (SELECT unit FROM scrapped);

CREATE INDEX credential_open ON credential (unit) WHERE ended IS NULL;
CREATE INDEX endorsement_key_open ON endorsement_key (unit) WHERE ended IS NULL AND unit IS NOT NULL;

CREATE TRIGGER credential_ends_once BEFORE UPDATE OF ended ON credential
WHEN OLD.ended IS NOT NULL AND NEW.ended IS NOT OLD.ended AND NOT (OLD.ended = 'shipped' AND NEW.ended IS 'void')
BEGIN SELECT RAISE(ABORT, 'a credential ends once'); END;
CREATE TRIGGER endorsement_key_ends_once BEFORE UPDATE OF ended ON endorsement_key
WHEN OLD.ended IS NOT NULL AND NEW.ended IS NOT OLD.ended AND NOT (OLD.ended = 'shipped' AND NEW.ended IS 'void')
BEGIN SELECT RAISE(ABORT, 'an endorsement key ends once'); END;

-- Units that left.
CREATE TABLE shipped (
  unit INTEGER PRIMARY KEY REFERENCES unit (id),
  at TEXT NOT NULL
) STRICT;

-- A lead looked at a unit and let it go on: out of quarantine (`release`), or through the line once more with the same credential
-- (`rework`) or with another in the place of the one in `replaces` (`replace`). It speaks of runs up to `run`, and of none after.
CREATE TABLE unit_pass (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id),
  kind TEXT NOT NULL CHECK (kind IN ('release', 'rework', 'replace')),
  run INTEGER NOT NULL REFERENCES run (id),
  replaces INTEGER UNIQUE REFERENCES credential (id),
  at TEXT NOT NULL,
  CHECK ((kind = 'replace') = (replaces IS NOT NULL))
) STRICT;
CREATE INDEX unit_pass_unit ON unit_pass (unit, id);

-- The first unit that passed with a recipe that wants it looked at (`firstArticle`), and when a lead approved it.
CREATE TABLE first_article (
  recipe BLOB PRIMARY KEY REFERENCES recipe (hash),
  unit INTEGER NOT NULL REFERENCES unit (id),
  passed_at TEXT NOT NULL,
  approved_at TEXT
) STRICT;
