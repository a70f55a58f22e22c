/** One step of the schema. Steps are only ever added: a step that was released is never edited. */
export interface Migration {
  /** The schema version (SQLite's `user_version`) that the step leads to. */
  readonly version: number;
  readonly reason: string;
  readonly sql: string;
}

/** Every step from an empty file to the present schema, in order. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    reason:
      'The first schema: what was given, what was found there, what the encoder made of it, and what was said of it.',
    sql: `
      CREATE TABLE roots (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        added_at TEXT NOT NULL
      ) STRICT;

      CREATE TABLE media (
        id INTEGER PRIMARY KEY,
        root_id INTEGER NOT NULL REFERENCES roots(id) ON DELETE CASCADE,
        path TEXT NOT NULL UNIQUE,
        fingerprint TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        modified_at TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('video', 'image')),
        facts TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'indexing', 'indexed', 'failed', 'missing')),
        error TEXT,
        mode TEXT NOT NULL CHECK (mode IN ('thorough', 'fast')),
        pack_revision TEXT,
        added_at TEXT NOT NULL,
        indexed_at TEXT
      ) STRICT;
      CREATE INDEX media_by_fingerprint ON media(fingerprint);
      CREATE INDEX media_by_root ON media(root_id);

      -- Embeddings are float32, little-endian. AUTOINCREMENT: an id is never given to another clip, so that a cache
      -- that still holds a deleted clip cannot mistake a new one for it.
      CREATE TABLE clips (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        media_id INTEGER NOT NULL REFERENCES media(id) ON DELETE CASCADE,
        pack_revision TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        start REAL NOT NULL,
        end REAL NOT NULL,
        cut_before INTEGER NOT NULL,
        embedding BLOB NOT NULL,
        UNIQUE (media_id, pack_revision, ordinal)
      ) STRICT;

      -- Apart from the clips, because a scan of all embeddings must not read past the ten times larger tokens.
      CREATE TABLE clip_tokens (
        clip_id INTEGER PRIMARY KEY REFERENCES clips(id) ON DELETE CASCADE,
        quantised BLOB NOT NULL,
        scales BLOB NOT NULL
      ) STRICT;

      CREATE TABLE captions (
        id INTEGER PRIMARY KEY,
        media_id INTEGER NOT NULL REFERENCES media(id) ON DELETE CASCADE,
        start REAL NOT NULL,
        end REAL NOT NULL,
        text TEXT NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('model', 'user', 'file')),
        confidence REAL NOT NULL,
        embedding BLOB,
        pack_revision TEXT,
        updated_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX captions_by_media ON captions(media_id, start);

      CREATE VIRTUAL TABLE captions_text USING fts5 (
        text, content = 'captions', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
      );
      CREATE TRIGGER captions_inserted AFTER INSERT ON captions BEGIN
        INSERT INTO captions_text (rowid, text) VALUES (new.id, new.text);
      END;
      CREATE TRIGGER captions_deleted AFTER DELETE ON captions BEGIN
        INSERT INTO captions_text (captions_text, rowid, text) VALUES ('delete', old.id, old.text);
      END;
      CREATE TRIGGER captions_reworded AFTER UPDATE OF text ON captions BEGIN
        INSERT INTO captions_text (captions_text, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO captions_text (rowid, text) VALUES (new.id, new.text);
      END;

      CREATE TABLE questions (
        id INTEGER PRIMARY KEY,
        scope TEXT NOT NULL,
        media_id INTEGER REFERENCES media(id) ON DELETE CASCADE,
        at REAL,
        question TEXT NOT NULL,
        answer TEXT,
        confidence REAL NOT NULL,
        moments TEXT NOT NULL,
        asked_at TEXT NOT NULL
      ) STRICT;

      -- One row a file that still has work before it; the row goes with the commit that finishes the work.
      CREATE TABLE jobs (
        media_id INTEGER PRIMARY KEY REFERENCES media(id) ON DELETE CASCADE,
        priority INTEGER NOT NULL,
        queued_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX jobs_in_order ON jobs(priority DESC, media_id);

      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 2,
    reason: 'what people wrote is looked at by every search, among many more captions of the model',
    sql: `
      CREATE INDEX captions_by_people ON captions(id, updated_at) WHERE source = 'user';
    `,
  },
];

/** The schema version that this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0;
