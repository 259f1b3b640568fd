-- Uploads that know of yesterday: which targets may not be called and why, what a row is to replace, what was billed.

-- A target that may not be called before a time, since calls failed one after the other; without a time not before a person asks.
CREATE TABLE target_hold (
  target TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  until_ms INTEGER,
  reason TEXT NOT NULL
) STRICT;

-- The etag of the foreign entry that two people let this row replace.
ALTER TABLE outbox ADD COLUMN replaces TEXT;

DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (target, due_ms, id) WHERE state = 'queued';

-- Operations that the service counts (DPS pricing: one call is one, whatever it carries), of an order or of none. A call that
-- carries units of several orders counts for each by its part.
CREATE TABLE billed (
  order_id INTEGER PRIMARY KEY,
  operations REAL NOT NULL
) STRICT;
