-- What external programmers printed, one row for each run that started one: canonical JSON (store/program-outputs.ts), whose SHA-256 is in
-- the entry of the run's end. It may name the unit, so that an erasure takes it away, and nobody else does.
CREATE TABLE program_output (
  run INTEGER PRIMARY KEY REFERENCES run (id),
  body TEXT NOT NULL
) STRICT;
CREATE TRIGGER program_output_stays_u BEFORE UPDATE ON program_output
WHEN NEW.run IS NOT OLD.run OR NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, 'what a programmer printed stays'); END;
CREATE TRIGGER program_output_stays_d BEFORE DELETE ON program_output
WHEN NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, 'what a programmer printed stays'); END;
