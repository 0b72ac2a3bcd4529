using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>A store of its own in a folder of its own.</summary>
internal sealed class StoreRig : IDisposable
{
    public const string Room = "ROOM";
    public static readonly Member Ada = new("a", "Ada", "Ada"), Bob = new("b", "Bob", "Bob");

    private readonly TempFolder _folder = new();
    private int _keys;

    public StoreRig(string? folder = null)
    {
        File = Path.Combine(folder ?? _folder.Path, "chat.db");
        Open();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public TestLog Log { get; } = new();

    public ChatStore Store { get; private set; } = null!;

    public string File { get; }

    /// <summary>Opens the file, again when it was.</summary>
    public void Open()
    {
        Store?.Dispose();
        Store = new ChatStore(File, Log, Time);
    }

    public NewLine Line(string? key = null, string text = "hello", Member? to = null, Member? from = null, long? reply = null, string room = Room) =>
        new(room, from ?? Ada, key ?? Key(), Time.GetUtcNow(), to, text, reply);

    public NewText Edit(long line, string text, Member? from = null, string? key = null) => new(Room, from ?? Ada, key ?? Key(), Time.GetUtcNow(), line, text);

    public Deletion Delete(long line, Member? from = null, bool any = false, string? key = null) => new(Room, from ?? Ada, key ?? Key(), Time.GetUtcNow(), line, any);

    public NewReaction React(long line, string emoji = "👍", bool on = true, Member? from = null, string? key = null) =>
        new(Room, from ?? Ada, key ?? Key(), Time.GetUtcNow(), line, emoji, on);

    /// <summary>Stores one post.</summary>
    public Stored Put(Post post) => Store.Append([post])[0];

    public HistoryOk Page(string reader, History? ask = null, string room = Room) => Store.History.Page(room, reader, ask ?? new History());

    public string Key() => $"key{++_keys}";

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
