using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Sound, the hub's half: takes everybody's packets, mixes on a clock, tells who talks.</summary>
internal sealed class AudioServer(ILogger log, TimeProvider time, MediaRooms rooms, SpeechOrder speech) : IMediaServerPart
{
    /// <summary>The name of the datagram service on the wire.</summary>
    public const string Service = "audio";

    private const int FramesPerAnnouncement = 10; // 0.2 s
    private const int FramesPerUplink = 50; // 1 s
    private const int MostGains = 1000, MostGroupName = 64;
    private const float MostGain = 4;

    // Channels of one person may come and go at the same time, and nobody must be told an older list after a newer one.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _talkedIn = new(StringComparer.Ordinal);
    private Mixer _mixer = null!;
    private readonly Acquaintance _acquaintance = new();
    private IServerDatagrams _paths = null!;

    /// <inheritdoc />
    public void Start(IServerContext context, MediaOptions options)
    {
        ILiveOptions<MediaOptions> live = context.Watch<MediaOptions>();
        _mixer = new Mixer(AudioPlatform.Codec(), live.Current, time);
        live.Changed += _mixer.Apply;
        IServerDatagrams datagrams = context.MapDatagrams(new DatagramService(Service, options.AudioPort, nameof(MediaOptions.AudioPort)), ReceiveDatagram);
        _paths = new AudioPaths(datagrams, _mixer, rooms);
        context.Run("mixing sound", MixAsync);
    }

    /// <summary>As <see cref="Participant.Played"/>; null also for who is not here. Any thread.</summary>
    public (uint Voice, uint Mix)? PlayedOf(Peer peer) => _mixer.Find(peer)?.Played;

    /// <inheritdoc />
    public void Attach(MessageChannel channel)
    {
        Peer peer = channel.Peer;
        channel
            .On<Report>(report => Take(peer, report))
            .On<Ears>(ears => Take(peer, ears))
            .On<SitIn>(group => { Take(peer, group); return null; })
            .On<GetStats>(_ => StatsOf(peer.Room))
            .OnBinary((packet, _) =>
            {
                Receive(peer, packet.Span);
                return ValueTask.CompletedTask;
            });
        lock (_gate)
        {
            _mixer.Add(peer);
            TellPeople(peer.Room);
        }
    }

    /// <inheritdoc />
    public void Detach(MessageChannel channel)
    {
        Peer peer = channel.Peer;
        lock (_gate)
        {
            if (rooms.Of(peer) is not null) return;
            if (_mixer.Remove(peer) is { } gone) Log(gone);
            TellPeople(peer.Room);
        }
    }

    private void Log(Participant gone)
    {
        (long late, long duplicates, long concealed) = gone.Counters;
        MediaLog.Gone(log, gone.Peer, late, duplicates, concealed, gone.Malformed, gone.Corrupt);
    }

    // The thread that waits for the sound's datagrams: on a machine where all else is busy they would lie in the socket for longer than a playout buffer holds.
    private void ReceiveDatagram(Peer from, ReadOnlySpan<byte> datagram)
    {
        Urgency.Raise();
        Receive(from, datagram);
    }

    private void Receive(Peer from, ReadOnlySpan<byte> datagram) => _mixer.Find(from)?.Receive(datagram);

    private void Take(Peer peer, Report report)
    {
        if (_mixer.Find(peer) is not { } person) return;
        lock (_gate)
        {
            bool changed = person.Report.Muted != report.Muted;
            person.Report = report;
            person.Safety = Math.Clamp(report.Safety, 0, 100) / 100.0;
            person.Listener.Loss = Math.Clamp(report.Loss, 0, 1);
            if (changed) TellPeople(peer.Room);
        }
    }

    private void Take(Peer peer, Ears ears)
    {
        if (_mixer.Find(peer) is not { } person) return;
        var gains = ears.Gains.Take(MostGains).Where(g => g.Value is >= 0 and <= MostGain and not 1).ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal);
        person.Listener.Gains = gains.Count > 0 ? gains : null;
        (person.Listener.IsDeaf, person.Listener.Stereo) = (ears.Deaf, ears.Stereo);
    }

    private void Take(Peer peer, SitIn group)
    {
        string name = group.Name.Trim();
        if (name.Length > MostGroupName) throw new UserErrorException("name-too-long", $"The name of a place has {name.Length} characters; at most {MostGroupName} are taken.");
        if (_mixer.Find(peer) is not { } person) return;
        lock (_gate)
        {
            person.Group = name.Length > 0 ? name : null;
            TellPeople(peer.Room);
        }
    }

    private void TellPeople(string room)
    {
        if (_mixer.Find(room) is not { } here) return;
        rooms.Broadcast(room, new People([.. here.People.Select(p => new Person(p.Peer.Id, p.Peer.Name, p.Report.Muted, p.WasSilenced, p.Group))]));
    }

    private Stats StatsOf(string room) => new([.. _mixer.Find(room)?.People.Select(StatsOf) ?? []]);

    private static PeerStats StatsOf(Participant person)
    {
        (double jitter, double loss, int bitrate) = person.Arrivals.Read();
        return new PeerStats(person.Peer.Id, person.Peer.Name, Math.Round(jitter, 2), Math.Round(loss, 4), bitrate, person.Talking, person.Report.Rtt);
    }

    private async Task MixAsync(CancellationToken cancellationToken)
    {
        var clock = new MixClock(time);
        long frame = 0;
        await clock.RunAsync(() =>
        {
            _mixer.Tick(_paths);
            foreach (AudioRoom room in _mixer.Rooms)
                if (_acquaintance.Note(room) is { } pair) rooms.Broadcast(room.Name, new Together(pair));
            if (++frame % FramesPerAnnouncement == 0) TellLevels();
            if (frame % FramesPerUplink == 0) TellUplinks();
        }, cancellationToken).ConfigureAwait(false);
        if (clock.Beats.Skipped is > 0 and var skipped) MediaLog.Skipped(log, skipped);
    }

    private void TellUplinks()
    {
        foreach (AudioRoom room in _mixer.Rooms)
            foreach (Participant person in room.People)
            {
                var uplink = new Uplink(Math.Round(person.Arrivals.Read().Loss, 2), (int)person.Held);
                double early = person.AskShift();
                if (uplink == person.Told && early == 0 || rooms.Of(person.Peer) is not { } channel || !channel.TryPost(uplink with { Early = early })) continue;
                person.Told = uplink;
            }
    }

    // A moderator's word takes effect at once; the room is told within a fifth of a second.
    private void TellSilenced(AudioRoom room)
    {
        bool changed = false;
        foreach (Participant person in room.People)
        {
            changed |= person.WasSilenced != person.IsSilenced;
            person.WasSilenced = person.IsSilenced;
        }
        if (!changed) return;
        lock (_gate) TellPeople(room.Name);
    }

    private void TellLevels()
    {
        foreach (AudioRoom room in _mixer.Rooms) TellSilenced(room);
        foreach (AudioRoom room in _mixer.Rooms)
        {
            Talker[] talkers = [.. room.People.Select(p => new Talker(p.Peer.Id, p.TakeLevel())).Where(t => t.Level < AudioLevel.Quiet)];
            speech.Note(room.Name, talkers.Length > 0 ? talkers.MinBy(t => t.Level)!.Id : null);
            bool talked = _talkedIn.Remove(room.Name);
            if (talkers.Length > 0) _talkedIn.Add(room.Name);
            if (talkers.Length > 0 || talked) rooms.Broadcast(room.Name, new Levels(talkers));
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _mixer?.Dispose();
        return ValueTask.CompletedTask;
    }
}
