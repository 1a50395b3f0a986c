-- Why an event failed last, as JSON. It is text, as the notice is, because jsonb refuses a NUL.
ALTER TABLE bellhop.waiting ADD COLUMN failure text;
UPDATE bellhop.waiting SET failure = json_build_object('code', code, 'message', message)::text WHERE code IS NOT NULL;
ALTER TABLE bellhop.waiting DROP COLUMN message;

ALTER TABLE bellhop.dead ADD COLUMN failure text;
UPDATE bellhop.dead SET failure = json_build_object('code', code, 'message', message)::text;
ALTER TABLE bellhop.dead DROP COLUMN message;

-- When the event failed first; 0: it has not failed.
ALTER TABLE bellhop.waiting ADD COLUMN failing_since bigint NOT NULL DEFAULT 0;

-- The conversation that the event was in before it lost its place; since then it waits in one of its own.
ALTER TABLE bellhop.waiting ADD COLUMN aside_from text;

-- What waits for a retry, to be found at a start.
CREATE INDEX waiting_for_retry ON bellhop.waiting (due_at) WHERE due_at > 0;
