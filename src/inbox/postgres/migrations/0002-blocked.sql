-- How often the watchdog found that a handler of the event blocks the process, and where last.
ALTER TABLE bellhop.waiting ADD COLUMN blocked_times integer NOT NULL DEFAULT 0;
ALTER TABLE bellhop.waiting ADD COLUMN blocked_where text;
