namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// The listening side of a person: which mix they get. Who is heard, hears somebody at another volume or sits in one room with somebody who is heard
/// needs one of their own; all others share the room's. Back on the shared one they get both for a moment, the last frame of the own one marked: their
/// decoder has time to get used to a stream that it meets in its middle.
/// </summary>
internal sealed class Listener(Func<bool, MixOutput> make, TimeProvider time) : IDisposable
{
    private const int Overlap = 6; // frames; CELT's prediction of energy halves its error in each (RFC 6716, 4.3.2.1)

    private int _sinceNeeded = MixOutput.Hold;
    private bool _isOnOwn;
    private bool _begins;
    private int _returning;
    private MixOutput? _own;
    private bool _wantsStereo; // in this tick
    private double _loss;
    private readonly Correction _correction = new(time);

    /// <summary>Volume of others by seat, 1 as spoken; who is not in it is at 1.</summary>
    public IReadOnlyDictionary<string, float>? Gains { get; set; }

    /// <summary>They want to hear nothing.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>They want two channels where there are two; any thread, taken up by the next tick.</summary>
    public bool Stereo { get; set; }

    /// <summary>What <see cref="Stereo"/> was when this tick began.</summary>
    public bool WantsStereo => _wantsStereo;

    /// <summary>Target of a mix of their own, bits a second.</summary>
    public int Bitrate { get; set; }

    /// <summary>The share of packets that they lose, 0 to 1, as they report it each second.</summary>
    public double Loss
    {
        get => _loss;
        set
        {
            _loss = value;
            _correction.Note(value);
        }
    }

    /// <summary>True when their packets are to carry copies of the frames before.</summary>
    public bool NeedsCopies => _correction.IsOn;

    /// <summary>True when the shared mix is to be sent in this tick.</summary>
    public bool GetsShared { get; private set; }

    /// <summary>True when a mix of their own is to be made in this tick: work, beside passing on the shared one.</summary>
    public bool NeedsWork => _isOnOwn;

    /// <summary>A tick begins.</summary>
    public void Begin() => _wantsStereo = Stereo;

    /// <summary>Decides for this tick; before the shared mix is made.</summary>
    /// <param name="needed">The shared mix is not for them.</param>
    /// <param name="sharedGoesOn">There is a shared mix to go over to.</param>
    /// <param name="sharedWentOn">There was one in the tick before.</param>
    public void Choose(bool needed, bool sharedGoesOn, bool sharedWentOn)
    {
        bool before = _isOnOwn;
        _sinceNeeded = needed ? 0 : Math.Min(_sinceNeeded + 1, MixOutput.Hold);
        if (_sinceNeeded < MixOutput.Hold) (_isOnOwn, _returning) = (true, 0);
        else if (_isOnOwn && (_own is not { IsOpen: true } || !sharedGoesOn)) _isOnOwn = _own is { IsOpen: true };
        else if (_isOnOwn) _returning++;
        _begins = _isOnOwn && !before && sharedWentOn && _own is not { IsOpen: true };
        GetsShared = !IsDeaf && (!_isOnOwn || _returning > 0);
    }

    /// <summary>
    /// What comes before the first frame of the own mix, while the shared one is heard: the tick before, again. Encoder and decoder begin with that, and
    /// what is to be heard comes after their warming up.
    /// </summary>
    public ReadOnlySpan<byte> WarmUpPacket(RoomMix mix)
    {
        if (!_begins || IsDeaf) return default;
        MixOutput own = Own();
        mix.WriteBefore(own.Frame);
        return own.Packet(mix.Timestamp - AudioFormat.FrameSize, audible: true);
    }

    /// <summary>The own mix of this tick, or nothing.</summary>
    /// <param name="mix">What it is made of.</param>
    /// <param name="person">Whose ears these are.</param>
    public ReadOnlySpan<byte> OwnPacket(RoomMix mix, Participant person)
    {
        if (!_isOnOwn || IsDeaf && _own is not { IsOpen: true }) return default;
        MixOutput own = Own();
        (own.ExpectedLoss, own.Corrects, own.Bitrate) = (Loss, NeedsCopies, Bitrate);
        bool audible = !IsDeaf && mix.WriteFor(person, own.Frame);
        bool last = _returning >= Overlap || IsDeaf;
        if (_returning >= Overlap) (_isOnOwn, _returning) = (false, 0);
        return own.Packet(mix.Timestamp, audible, last);
    }

    // Another number of channels is another stream.
    private MixOutput Own()
    {
        if (_own?.IsStereo != WantsStereo)
        {
            _own?.Dispose();
            _own = make(WantsStereo);
        }
        return _own!;
    }

    /// <inheritdoc />
    public void Dispose() => _own?.Dispose();
}
