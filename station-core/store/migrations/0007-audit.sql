-- The Merkle tree over the audit entries, the keys that sign its heads, and the heads. When something was made, the entries say.

-- Roots of 256^level entries: what C2SP tlog-tiles stores above the leaves, and enough to make any proof.
CREATE TABLE audit_node (
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 7),
  n INTEGER NOT NULL CHECK (n >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_node_is_append_only_u BEFORE UPDATE ON audit_node
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_node_is_append_only_d BEFORE DELETE ON audit_node
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- Key pairs of the log, in the order of their use. `since` is the number of the entry that names the key; NULL for one that
-- was made before entries named it (it is named at the next start).
CREATE TABLE audit_key (
  n INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  label TEXT NOT NULL,
  id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  ed_label TEXT,
  ed_id TEXT,
  ed_public_key TEXT,
  since INTEGER
) STRICT;

INSERT INTO audit_key (n, origin, label, id, public_key)
  SELECT 1, station.origin, signing_key.label, signing_key.id, signing_key.public_key
  FROM signing_key, station WHERE signing_key.purpose = 'audit';
DROP TABLE signing_key;

CREATE TRIGGER audit_key_is_kept_d BEFORE DELETE ON audit_key
BEGIN SELECT RAISE(ABORT, 'keys of the audit trail are kept'); END;
CREATE TRIGGER audit_key_is_kept_u BEFORE UPDATE ON audit_key WHEN OLD.since IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'keys of the audit trail are kept'); END;

-- Signed tree heads. The row is durable before the signature is asked for; `note` is the whole signed checkpoint.
CREATE TABLE audit_head (
  n INTEGER PRIMARY KEY,
  size INTEGER NOT NULL UNIQUE CHECK (size > 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  key INTEGER NOT NULL REFERENCES audit_key (n),
  why TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX audit_head_unsigned ON audit_head (n) WHERE note IS NULL;

CREATE TRIGGER audit_head_is_signed_once BEFORE UPDATE ON audit_head
WHEN OLD.note IS NOT NULL OR NEW.n <> OLD.n OR NEW.size <> OLD.size OR NEW.root <> OLD.root OR NEW.key <> OLD.key
  OR NEW.why <> OLD.why
BEGIN SELECT RAISE(ABORT, 'a head of the audit trail is signed once'); END;
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head WHEN OLD.note IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'heads of the audit trail are kept'); END;

-- Why lanes, issuing, lists of revoked certificates and heads are stopped, if they are: two people end it.
CREATE TABLE audit_stop (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  error TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
