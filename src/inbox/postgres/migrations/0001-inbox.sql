-- Every key that was accepted and is still remembered. Ids grow with arrival; within a conversation strictly, because
-- they are given while its lock is held.
CREATE TABLE bellhop.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  received_at bigint NOT NULL,
  dropped_because text
);

-- What is not settled yet. The notice is text rather than jsonb, which refuses a NUL that somebody wrote.
CREATE TABLE bellhop.waiting (
  id bigint PRIMARY KEY,
  conversation text NOT NULL,
  received_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  notice text NOT NULL
);

CREATE INDEX waiting_in_order ON bellhop.waiting (conversation, id);

-- What was given up, until somebody replays it.
CREATE TABLE bellhop.dead (
  id bigint PRIMARY KEY,
  conversation text NOT NULL,
  received_at bigint NOT NULL,
  died_at bigint NOT NULL,
  attempts integer NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  notice text NOT NULL
);

CREATE INDEX dead_newest_first ON bellhop.dead (died_at DESC, id DESC);
