-- Factory systems: which of them may ask, orders that came from there, results in their sequence, and what webhooks are told of them.

-- A key has 256 random bits; its SHA-256 is here and the key is nowhere.
CREATE TABLE mes_key (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  scopes TEXT NOT NULL,
  made_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;
CREATE UNIQUE INDEX mes_key_name ON mes_key (name) WHERE revoked_at IS NULL;

-- What an order was made from, so that the same request once more is answered and another one under its name is refused.
CREATE TABLE mes_order (
  work_order INTEGER PRIMARY KEY REFERENCES work_order (id),
  key INTEGER NOT NULL REFERENCES mes_key (id),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32)
) STRICT;

-- Runs in the sequence in which they ended: whoever asks "since n" misses none. Written with the end itself, whatever ends a run.
CREATE TABLE mes_result (
  n INTEGER PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE REFERENCES run (id)
) STRICT;
INSERT INTO mes_result (run) SELECT id FROM run WHERE outcome IS NOT NULL ORDER BY closed_at, id;
CREATE TRIGGER mes_result_follows AFTER UPDATE OF outcome ON run WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL
BEGIN INSERT INTO mes_result (run) VALUES (NEW.id); END;
CREATE TRIGGER mes_result_is_kept BEFORE DELETE ON mes_result
BEGIN SELECT RAISE(ABORT, 'results are kept'); END;

-- What a webhook of station.json remembers: up to which result it was looked at, and since when it may not be called.
CREATE TABLE webhook (
  name TEXT PRIMARY KEY,
  looked_at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  until_ms INTEGER NOT NULL DEFAULT 0,
  reason TEXT
) STRICT;

-- `token` is what the receiver knows a message by: the same in every try, so that it can drop what it has already.
CREATE TABLE webhook_message (
  id INTEGER PRIMARY KEY,
  webhook TEXT NOT NULL REFERENCES webhook (name),
  result INTEGER NOT NULL REFERENCES mes_result (n),
  unit INTEGER NOT NULL REFERENCES unit (id),
  token TEXT NOT NULL UNIQUE,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'parked', 'discarded')),
  reason TEXT,
  UNIQUE (webhook, result)
) STRICT;
CREATE INDEX webhook_message_due ON webhook_message (webhook, due_ms, id) WHERE state = 'queued';
CREATE INDEX webhook_message_open ON webhook_message (webhook, unit, id) WHERE state IN ('queued', 'parked');
CREATE INDEX webhook_message_parked ON webhook_message (id) WHERE state = 'parked';
CREATE INDEX webhook_message_unit ON webhook_message (unit);
