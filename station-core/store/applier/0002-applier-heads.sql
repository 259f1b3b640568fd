-- The newest head of each station's audit trail that came with a bundle which was taken: nothing older is taken afterwards, and
-- receipts tell the station of it. `log` is the origin that the station's log was founded with, `origin` the one in the head, which another one
-- may follow.
CREATE TABLE seen_head (
  log TEXT NOT NULL REFERENCES trusted_station (origin),
  origin TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,
  -- The bundle that brought it.
  bundle INTEGER NOT NULL REFERENCES taken_bundle (id),
  PRIMARY KEY (log, origin)
) STRICT;
CREATE TRIGGER seen_head_is_kept BEFORE DELETE ON seen_head
BEGIN SELECT RAISE(ABORT, 'heads that were seen are kept'); END;
CREATE TRIGGER seen_head_goes_forward BEFORE UPDATE ON seen_head WHEN NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'heads only grow'); END;
