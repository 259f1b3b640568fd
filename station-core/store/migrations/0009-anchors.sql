-- Anchors: copies of signed heads outside of this database.

-- Origins that two people ended since an anchor knew more than the log, and the size of the head that they left behind: it may
-- still be somewhere, on a stick or in a shift book.
CREATE TABLE audit_left (
  origin TEXT PRIMARY KEY,
  size INTEGER NOT NULL CHECK (size > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_left_is_kept BEFORE DELETE ON audit_left
BEGIN SELECT RAISE(ABORT, 'what was left behind is kept'); END;

-- The row that carries the newest head to the cloud is no backlog of units; it counts when it waits for a person.
DROP TRIGGER outbox_tally_insert;
DROP TRIGGER outbox_tally_update;
CREATE TRIGGER outbox_tally_insert AFTER INSERT ON outbox WHEN NEW.action <> 'anchor'
BEGIN UPDATE outbox_tally SET rows = rows + 1 WHERE state = NEW.state; END;
CREATE TRIGGER outbox_tally_update AFTER UPDATE OF state ON outbox WHEN OLD.state <> NEW.state
BEGIN
  UPDATE outbox_tally SET rows = rows - 1 WHERE state = OLD.state AND (NEW.action <> 'anchor' OR OLD.state = 'parked');
  UPDATE outbox_tally SET rows = rows + 1 WHERE state = NEW.state AND (NEW.action <> 'anchor' OR NEW.state = 'parked');
END;
CREATE INDEX outbox_anchor ON outbox (id) WHERE action = 'anchor';
