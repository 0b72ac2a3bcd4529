using System.Buffers.Text;
using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>A client that speaks the protocol by hand.</summary>
internal sealed class Caller
{
    private static int _devices = 1_000_000;

    private readonly MessageChannel _messages;

    public Caller(InMemoryChannel channel, InMemoryHub hub)
    {
        Channel = channel;
        _messages = new MessageChannel(channel, SessionProtocol.Messages, hub.Log);
        _messages.On<Entered>(Events.Add).On<MemberJoined>(Events.Add).On<MemberLeft>(Events.Add).On<MemberChanged>(Events.Add).On<Dismissed>(Events.Add)
            .On<RulesChanged>(Events.Add).On<Lobby>(Events.Add).On<Waiting>(Events.Add);
        Ended = RunAsync();
    }

    public InMemoryChannel Channel { get; }

    /// <summary>What the hub told, in order.</summary>
    public Recorded<object> Events { get; } = new("an event");

    /// <summary>Done when the connection has closed.</summary>
    public Task Ended { get; }

    public Entered Entered => (Entered)Events.All.Last(e => e is Entered);

    public string Id => Entered.Self.Id;

    public static string Device(int number) => Base64Url.EncodeToString([.. BitConverter.GetBytes(number), .. new byte[28]]);

    public Task AskAsync(object request) => _messages.RequestAsync(request, CancellationToken.None).WaitAsync(Recorded<int>.Patience);

    public Task<T> AskAsync<T>(object request) => _messages.RequestAsync<T>(request, CancellationToken.None).WaitAsync(Recorded<int>.Patience);

    /// <summary>Of the last <see cref="EnterAsync"/>.</summary>
    public string OwnDevice { get; private set; } = "";

    public Task EnterAsync(string name, string room = "Bridge", string? password = null, int? device = null)
    {
        OwnDevice = Device(device ?? Interlocked.Increment(ref _devices));
        return AskAsync(new Enter(room, name, OwnDevice, password));
    }

    /// <summary>Takes up the seat of another connection of the same machine.</summary>
    /// <param name="former">That connection.</param>
    /// <param name="token">Another token than its newest.</param>
    public Task ResumeAsync(Caller former, string? token = null)
    {
        OwnDevice = former.OwnDevice;
        return AskAsync(new ResumeSeat(token ?? former.Entered.Resume, OwnDevice));
    }

    public Task BeatAsync() => AskAsync(new Beat());

    /// <summary>Breaks the connection and waits until somebody else has been told.</summary>
    public Task CutAsync(Caller witness)
    {
        Channel.Cut();
        return witness.WaitAsync<MemberChanged>(c => c.Member.Id == Id && c.Member.State == MemberState.Suspect);
    }

    public async Task<T> WaitAsync<T>(Func<T, bool>? matches = null) =>
        (T)await Events.WaitAsync(e => e is T message && (matches is null || matches(message)));

    public IReadOnlyList<T> Got<T>() => [.. Events.All.OfType<T>()];

    private async Task RunAsync()
    {
        try { await _messages.RunAsync(CancellationToken.None); }
        catch (IOException) { }
    }
}
