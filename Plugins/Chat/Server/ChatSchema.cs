using LanCollab.Plugins.Chat.Storage;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>How the history lies in its file.</summary>
internal static class ChatSchema
{
    /// <summary>What an entry is: a line, or a change of one.</summary>
    public const int Line = 0, Edit = 1, Deletion = 2, Reaction = 3, NoReaction = 4;

    private const int SeqBits = 40;

    /// <summary>Lines and changes of a room are rows of one table, keyed by room and number in one integer: a room's newest are neighbours on the disk.</summary>
    public static long Id(long room, long seq) => room << SeqBits | seq;

    /// <summary>The number in the room.</summary>
    public static long Seq(long id) => id & (1L << SeqBits) - 1;

    public static SqliteSchema Schema { get; } = new(Version: 2, Synchronous: "FULL", OwnCheckpoints: true, Tables: """
        CREATE TABLE store (id TEXT NOT NULL, lost INTEGER);
        CREATE TABLE rooms (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            last INTEGER NOT NULL DEFAULT 0,    -- at least so many numbers were given out; more when there are entries with greater ones
            indexed INTEGER NOT NULL DEFAULT 0  -- lines up to here are in the search index
        );
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL,
            person TEXT NOT NULL, member TEXT NOT NULL, name TEXT NOT NULL,
            to_person TEXT, to_member TEXT, to_name TEXT,
            line INTEGER,          -- of a change: its line's number; of a line: the number of the one it answers
            text TEXT,             -- of a line: as it is now, NULL when deleted; of a reaction: the emoji
            at INTEGER NOT NULL,   -- milliseconds since 1970, UTC
            version INTEGER,       -- of a line: the number of its last change
            edited INTEGER,        -- of a line: when its text was changed last
            deleted TEXT           -- of a line: who deleted it
        );
        CREATE INDEX direct_entries ON entries (id) WHERE to_person IS NOT NULL;
        CREATE TABLE keys (person TEXT NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (person, key)) WITHOUT ROWID;
        CREATE TABLE reactions (
            line INTEGER NOT NULL, emoji TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (line, emoji, person)) WITHOUT ROWID;
        CREATE TABLE people (room INTEGER NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, person)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE search USING fts5 (text, content = 'entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
        """);
}
