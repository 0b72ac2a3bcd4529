using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media.Timing;

/// <summary>
/// The hub's part for one camera: the sender says which picture belongs to which sample of its voice, the mixer knows as which sample of the mix that one is played. Its
/// playout buffer changes that by and by. For one thread at a time.
/// </summary>
internal sealed class SyncRelay
{
    // 5 ms: less is not worth a message to everybody.
    private const double Alike = AudioFormat.SampleRate * 0.005;
    // Ten seconds: no playout buffer holds that; the two clocks have nothing to do with each other.
    private const int Absurd = 10 * AudioFormat.SampleRate;

    /// <summary>The sender's last word.</summary>
    public SyncSent? Sent { get; set; }

    /// <summary>What the viewers were told last; null: nothing yet.</summary>
    public Sync? Told { get; private set; }

    /// <summary>What to tell them, or null when it is what they know.</summary>
    /// <param name="info">The camera.</param>
    /// <param name="played">What the mixer played of that person last: a sample of the voice, and of the mix; null when nothing was.</param>
    public Sync? News(VideoStarted info, (uint Voice, uint Mix)? played)
    {
        if (Sent is not { } sent || played is not { } at || Math.Abs((long)(int)(sent.Audio - at.Voice)) > Absurd) return null;
        var sync = new Sync(info.Id, info.Stream, sent.Video, at.Mix + (sent.Audio - at.Voice));
        return Told is { } told && Math.Abs(Apart(sync, told)) < Alike ? null : Told = sync;
    }

    // By how many samples the two disagree.
    private static double Apart(Sync a, Sync b) =>
        (int)(a.Mix - b.Mix) - ((int)(a.Video - b.Video) * (double)AudioFormat.SampleRate / LipSync.Rate);
}
