-- Each statement must end with a semicolon at the end of a line.

-- epoch: the epoch of the history. schema: the version of these tables. unsynced: the boot in which commits were last
-- made that a power failure may undo, see SqliteState. checked: the time of the last write of the readiness check. unsummed: the
-- offset up to which the rows of events may have no checksum, because an earlier version wrote them.
CREATE TABLE IF NOT EXISTS meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- sum is a checksum of the row, see RowSum. data comes last, so that the other columns can be read without the overflow pages of the row.
CREATE TABLE IF NOT EXISTS event (
  offset INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  key TEXT,
  weight INTEGER NOT NULL,
  sum INTEGER,
  data TEXT NOT NULL
);

-- Index entries end with the offset, so that both indexes return their events in order.
CREATE INDEX IF NOT EXISTS event_by_topic ON event (topic);
CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind);

-- A full copy of the latest event of each live key, because it outlives its row in event. first is the offset of the
-- first event of the key and defines the order of lists; it has a checksum of its own, since it does not change.
CREATE TABLE IF NOT EXISTS latest (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  first INTEGER NOT NULL,
  first_sum INTEGER,
  offset INTEGER NOT NULL,
  time INTEGER NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  sum INTEGER,
  data TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

-- The range of events that is held, for each kind (topic is empty) and for each topic of a kind whose topics are evicted
-- as a whole. floor is the offset up to which events were evicted.
CREATE TABLE IF NOT EXISTS extent (
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  events INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  sum INTEGER,
  PRIMARY KEY (kind, topic)
) WITHOUT ROWID;

-- Topics that were evicted as a whole and whose rows are still being deleted, a few in each step.
CREATE TABLE IF NOT EXISTS doomed (
  topic TEXT PRIMARY KEY,
  through INTEGER NOT NULL
) WITHOUT ROWID;

-- Idempotency keys of publishers, with the receipt of the first request. Entries are evicted in the order of seq.
CREATE TABLE IF NOT EXISTS claim (
  seq INTEGER PRIMARY KEY,
  publisher TEXT NOT NULL,
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  cursor TEXT NOT NULL,
  count INTEGER NOT NULL,
  durability TEXT NOT NULL,
  time INTEGER NOT NULL,
  UNIQUE (publisher, scope, name)
);
