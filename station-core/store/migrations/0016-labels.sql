-- Labels that are to be printed, or were: written with the verdict that they are for, or when a person asks, and before a printer gets
-- anything. No name of a unit stands here: what is printed is read from the unit when it is printed.

CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id),
  -- The run that passed; none for a label that a person asked for.
  run INTEGER REFERENCES run (id),
  template TEXT NOT NULL,
  -- None for a label that was handed out as a file, or that no printer of the station is for.
  printer TEXT,
  -- parked: it waits for a person.
  state TEXT NOT NULL CHECK (state IN ('queued', 'parked', 'printed')),
  error TEXT,
  at TEXT NOT NULL
) STRICT;

CREATE INDEX label_unit ON label (unit, id);
CREATE INDEX label_queued ON label (printer, id) WHERE state = 'queued';
CREATE INDEX label_open ON label (id) WHERE state <> 'printed';
