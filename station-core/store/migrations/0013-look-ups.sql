-- Looking things up: audit entries by unit, person, order, action and time; clear values by their commitments; what waits for the
-- cloud since when, and what a day cost. Nothing here is a record: every index and audit_hour can be made again from the entries.

-- Of a commitment 16 characters, 96 bits, find it: the whole would double these indexes. An entry whose bytes are no JSON any more
-- is in none of them, and stops nobody who repairs it.
CREATE INDEX audit_entry_unit ON audit_entry
  (substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.unit.serial' END, 13, 16))
  WHERE substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.unit.serial' END, 13, 16) IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry
  (substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.actor' END, 13, 16))
  WHERE substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.actor' END, 13, 16) IS NOT NULL;
CREATE INDEX audit_entry_approver ON audit_entry
  (substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.approver' END, 13, 16))
  WHERE substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.approver' END, 13, 16) IS NOT NULL;
CREATE INDEX audit_entry_person ON audit_entry
  (substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.details.person' END, 13, 16))
  WHERE substr(CASE WHEN json_valid(bytes) THEN bytes ->> '$.details.person' END, 13, 16) IS NOT NULL;
CREATE INDEX audit_entry_order ON audit_entry (CASE WHEN json_valid(bytes) THEN bytes ->> '$.order' END)
  WHERE CASE WHEN json_valid(bytes) THEN bytes ->> '$.order' END IS NOT NULL;
CREATE INDEX audit_entry_action ON audit_entry (CASE WHEN json_valid(bytes) THEN bytes ->> '$.action' END)
  WHERE CASE WHEN json_valid(bytes) THEN bytes ->> '$.action' END IS NOT NULL;

-- Which entries were written in an hour of the clock: their first and last number. The clock may be set back, so that hours overlap.
CREATE TABLE audit_hour (
  hour TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO audit_hour (hour, first, last)
  SELECT substr(bytes ->> '$.at', 1, 13), min(seq), max(seq) FROM audit_entry
  WHERE json_valid(bytes) AND bytes ->> '$.at' IS NOT NULL GROUP BY 1;
CREATE TRIGGER audit_hour_grows AFTER INSERT ON audit_entry WHEN json_valid(NEW.bytes) AND NEW.bytes ->> '$.at' IS NOT NULL
BEGIN
  INSERT INTO audit_hour (hour, first, last) VALUES (substr(NEW.bytes ->> '$.at', 1, 13), NEW.seq, NEW.seq)
    ON CONFLICT (hour) DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last);
END;

CREATE INDEX disclosure_commitment ON disclosure (substr(commitment, 13, 16));

-- When a row began to wait; unknown for rows of before.
ALTER TABLE outbox ADD COLUMN queued_ms INTEGER;
CREATE INDEX outbox_waiting ON outbox (target, id) WHERE state IN ('queued', 'leased');

-- The life of one unit.
CREATE INDEX run_of_unit ON run (unit, id);

-- Operations that the service counts, by the station's own calendar.
CREATE TABLE billed_day (
  day TEXT PRIMARY KEY,
  operations REAL NOT NULL
) STRICT;
