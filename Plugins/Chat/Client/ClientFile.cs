using LanCollab.Plugins.Chat.Storage;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>What a daemon keeps of chat: what waits for the hub, and how far its person has read.</summary>
internal static class ClientFile
{
    // NORMAL: what a person typed survives the death of the daemon; each keystroke of a program that talks does not wait for the disk.
    private static readonly SqliteSchema Schema = new(Version: 1, Synchronous: "NORMAL", Tables: """
        CREATE TABLE letters (
            n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, body TEXT NOT NULL,
            room TEXT NOT NULL, store TEXT, at INTEGER NOT NULL, error TEXT);
        CREATE TABLE marks (room TEXT NOT NULL, store TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (room, store)) WITHOUT ROWID;
        """);

    /// <summary>Opens it in the plugin's folder, or makes it.</summary>
    public static SqliteFile Open(string folder, ILogger log, TimeProvider time) => SqliteFile.Open(Path.Combine(folder, "outbox.db"), Schema, log, time);
}
