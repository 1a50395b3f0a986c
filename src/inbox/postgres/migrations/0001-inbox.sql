-- Every key that was accepted and is still remembered. Ids grow with arrival; within a conversation strictly, because
-- they are given while its lock is held.
CREATE TABLE bellhop.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  received_at bigint NOT NULL,
  dropped_because text,
  discarded_because text
);

-- What is not settled yet. The notice is text rather than jsonb, which refuses a NUL that somebody wrote.
CREATE TABLE bellhop.waiting (
  id bigint PRIMARY KEY,
  conversation text NOT NULL,
  received_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at bigint NOT NULL DEFAULT 0,
  code text,
  message text,
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
  holds boolean NOT NULL,
  notice text NOT NULL
);

CREATE INDEX dead_newest_first ON bellhop.dead (died_at DESC, id DESC);
CREATE INDEX dead_holding ON bellhop.dead (conversation) WHERE holds;

-- What attempts at an event did, by place. JSON as text, as above.
CREATE TABLE bellhop.journal (
  event bigint NOT NULL,
  place text NOT NULL,
  entry text NOT NULL,
  PRIMARY KEY (event, place)
);

-- The path of each attempt that was settled.
CREATE TABLE bellhop.traces (
  event bigint NOT NULL,
  at bigint NOT NULL,
  attempt integer NOT NULL,
  steps text NOT NULL,
  PRIMARY KEY (event, at)
);

-- Small values by key.
CREATE TABLE bellhop.records (
  key text PRIMARY KEY,
  value text NOT NULL,
  version bigint NOT NULL,
  expires_at bigint
);

CREATE INDEX records_expiring ON bellhop.records (expires_at) WHERE expires_at IS NOT NULL;
