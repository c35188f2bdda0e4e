-- Every statement must end with a semicolon at the end of a line.

-- epoch: name of the history. schema: version of these tables. unsynced: boot of the machine during which commits were
-- made that a power failure can undo, see SqliteState. checked: time of the last readiness check that wrote.
CREATE TABLE IF NOT EXISTS meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- data is the last column, so that the others can be read without the overflow pages of the row.
CREATE TABLE IF NOT EXISTS event (
  offset INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  key TEXT,
  weight INTEGER NOT NULL,
  data TEXT NOT NULL
);

-- Index entries end with the offset, so both indexes return events in order.
CREATE INDEX IF NOT EXISTS event_by_topic ON event (topic);
CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind);

-- A copy of the latest event of each live key, since it outlives its row in event. first orders keys by appearance.
CREATE TABLE IF NOT EXISTS latest (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  first INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  time INTEGER NOT NULL,
  topic TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

-- The retained and evicted ranges of each kind (with an empty topic) and of each topic that is evicted as a whole.
CREATE TABLE IF NOT EXISTS extent (
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  events INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  PRIMARY KEY (kind, topic)
) WITHOUT ROWID;

-- Tombstones of topics that were evicted as a whole and whose rows are still being deleted, some in each step.
CREATE TABLE IF NOT EXISTS doomed (
  topic TEXT PRIMARY KEY,
  through INTEGER NOT NULL
) WITHOUT ROWID;

-- Idempotency keys, each with the outcome of its first use. seq is the order in which keys are forgotten.
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
