-- Messages that belong to a call, so that no other call takes them for its own. The print is 64 bits of the digest of the
-- message's name.
CREATE TABLE bellhop.sent (
  print bigint PRIMARY KEY,
  at bigint NOT NULL
);

CREATE INDEX sent_by_age ON bellhop.sent (at);
