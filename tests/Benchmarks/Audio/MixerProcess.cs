using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;

namespace LanCollab.Benchmarks.Audio;

/// <summary>Beats of a mixer's clock.</summary>
/// <param name="All">So many.</param>
/// <param name="Late">By more than 5 ms.</param>
/// <param name="Skipped">Left out.</param>
/// <param name="Lateness">Its 99.9th percentile, in ms.</param>
internal readonly record struct Beats(long All, long Late, long Skipped, double Lateness);

/// <summary>A program that mixes, as the load sees it: people send it Opus and get Opus back, all through one socket of the load's.</summary>
internal interface IMixer : IAsyncDisposable
{
    /// <summary>Its process, for the time it takes.</summary>
    int ProcessId { get; }

    /// <summary>Sends one person's frame.</summary>
    void Send(int person, uint tick, byte level, ReadOnlySpan<byte> opus);

    /// <summary>Whose mix a datagram is; -1 for anything else.</summary>
    int ReceiverOf(ReadOnlySpan<byte> datagram, ushort fromPort);

    /// <summary>What its clock has counted since the last call; zeros where nobody counts.</summary>
    Task<Beats> BeatsAsync();
}

/// <summary>Ours: <see cref="MixerHub"/> in a process of its own.</summary>
internal sealed class MixerProcess : IMixer
{
    private readonly Process _process;
    private readonly Socket _socket;
    private readonly List<DatagramFlow> _flows = [];
    private readonly Dictionary<uint, int> _persons = [];
    private readonly byte[] _packet = new byte[Plugins.Media.Audio.AudioPacket.MaxLength];
    private SocketAddress _hub = null!;

    private MixerProcess(Process process, Socket socket) => (_process, _socket) = (process, socket);

    public int ProcessId => _process.Id;

    public static async Task<IMixer> StartAsync(Socket socket, int people, int loudest)
    {
        string[] arguments = [typeof(MixerProcess).Assembly.Location, "mixer-hub", $"{people}", $"{loudest}"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var mixer = new MixerProcess(Process.Start(start)!, socket);
        await mixer.ReadAsync("cores");
        int port = int.Parse((await mixer.ReadAsync("port"))[1], CultureInfo.InvariantCulture);
        mixer._hub = new IPEndPoint(IPAddress.Loopback, port).Serialize();
        for (int i = 0; i < people; i++) mixer.Seat(await mixer.ReadAsync("seat"), i);
        return mixer;
    }

    public void Send(int person, uint tick, byte level, ReadOnlySpan<byte> opus)
    {
        int header = Plugins.Media.Audio.AudioPacket.HeaderLength;
        new Plugins.Media.Audio.AudioPacket(Plugins.Media.Audio.AudioKind.Frame, (uint)person + 1, tick, tick * 960, level).Write(_packet);
        opus.CopyTo(_packet.AsSpan(header));
        _flows[person].TrySend(_socket, _hub, DatagramLayout.Data, _packet.AsSpan(0, header + opus.Length));
    }

    /// <summary>A person's keys.</summary>
    public DatagramFlow FlowOf(int person) => _flows[person];

    public int ReceiverOf(ReadOnlySpan<byte> datagram, ushort fromPort) =>
        DatagramLayout.TryReadHeader(datagram, out byte kind, out uint session, out _) && kind == DatagramLayout.Data ? _persons.GetValueOrDefault(session, -1) : -1;

    public async Task<Beats> BeatsAsync()
    {
        await _process.StandardInput.WriteLineAsync("report");
        double[] counts = [.. (await ReadAsync("beats"))[1..].Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
        return new Beats((long)counts[0], (long)counts[1], (long)counts[2], counts[3]);
    }

    private void Seat(string[] words, int person)
    {
        uint session = uint.Parse(words[1], CultureInfo.InvariantCulture);
        var flow = new DatagramFlow(session, Convert.FromBase64String(words[2]), "audio", atServer: false, peer: null);
        _flows.Add(flow);
        _persons[session] = person;
        flow.TrySend(_socket, _hub, DatagramLayout.Ping, new byte[sizeof(long)]);
    }

    private async Task<string[]> ReadAsync(string word)
    {
        string? line = await _process.StandardOutput.ReadLineAsync();
        return line?.StartsWith(word, StringComparison.Ordinal) == true ? line.Split(' ') : throw new IOException($"the hub said \"{line}\" instead of {word}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        foreach (DatagramFlow flow in _flows) flow.Dispose();
    }
}
