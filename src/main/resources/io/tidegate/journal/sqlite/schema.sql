-- Statements end with a semicolon at the end of a line.

-- epoch: name of the history. schema: version of these tables. unsynced: where commits were last made that a power cut
-- may undo, see SqliteJournal. checked: when the last check of readiness wrote.
CREATE TABLE IF NOT EXISTS meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- data comes last, so that a row can be looked at without its overflow pages.
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

-- The entries of an index end with the offset: both give their events in order.
CREATE INDEX IF NOT EXISTS event_by_topic ON event (topic);
CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind);

-- The latest event of each live key, whole, since it outlives its row in event. first orders keys by appearance.
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

-- What is held and what retention took: of each kind (topic is empty) and of each topic that is kept whole.
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

-- Topics that left as a whole and whose rows are still being deleted, a few with each step.
CREATE TABLE IF NOT EXISTS doomed (
  topic TEXT PRIMARY KEY,
  through INTEGER NOT NULL
) WITHOUT ROWID;

-- What publishers call what they published, and the first answer. seq is the order in which claims are forgotten.
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
