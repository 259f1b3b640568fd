-- What the figures, lists and look-ups of orders are answered from: a time or an order, never all of history.

CREATE INDEX run_closed ON run (closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX run_unit ON run (unit, id);
CREATE INDEX unit_state ON unit (work_order, state, id);
CREATE INDEX unit_quarantined ON unit (id) WHERE state = 'quarantined';
CREATE INDEX unit_finished ON unit (finished_at, work_order) WHERE finished_at IS NOT NULL;
-- outbox_open is for two states, and SQLite does not see that one of them alone is among its rows.
CREATE INDEX outbox_parked ON outbox (id) WHERE state = 'parked';
