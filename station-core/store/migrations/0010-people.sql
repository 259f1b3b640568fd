-- People: how often a sign-in went wrong, one-time codes, who left, languages, and badges that others made.

-- Counted before a PIN is checked, so that a try costs a count whatever the program dies at.
ALTER TABLE operator ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
-- Set by the last failure, taken away by people alone: no clock unlocks anybody. ISO 8601 UTC text.
ALTER TABLE operator ADD COLUMN locked_at TEXT;
ALTER TABLE operator ADD COLUMN left_at TEXT;
-- Until when salt and verifier are those of a one-time code; null while they are those of a PIN. Unix milliseconds.
ALTER TABLE operator ADD COLUMN code_until_ms INTEGER;
-- When the person chose the PIN; null for one that others gave.
ALTER TABLE operator ADD COLUMN chosen_at TEXT;
-- The PIN that a code took the place of: it is not chosen again.
ALTER TABLE operator ADD COLUMN former_salt BLOB;
ALTER TABLE operator ADD COLUMN former_verifier BLOB;
ALTER TABLE operator ADD COLUMN language TEXT CHECK (language IN ('en', 'de', 'zh', 'es'));
CREATE INDEX operator_role ON operator (role, id);

-- Every try to sign in, under whatever name: a try under a name that nobody has writes as much as any other.
CREATE TABLE sign_in_tally (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  tries INTEGER NOT NULL
) STRICT;
INSERT INTO sign_in_tally (one, tries) VALUES (1, 0);

-- Badges that others made and that name a person here. One that was given back stays its person's, until the erasure.
CREATE TABLE badge (
  badge INTEGER PRIMARY KEY REFERENCES disclosure (id),
  operator INTEGER NOT NULL REFERENCES operator (id),
  given_at TEXT NOT NULL,
  until TEXT
) STRICT;
CREATE INDEX badge_operator ON badge (operator);
