using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media.Timing;

/// <summary>
/// How much later than a person's quickest pictures their sound goes to the speaker here. The hub tells which picture belongs to which sample of the mix; when the one came
/// and the other is played is known here. For one thread at a time.
/// </summary>
/// <param name="time">The local clock.</param>
/// <param name="mix">When what is played.</param>
internal sealed class LipSync(TimeProvider time, PlayedClock mix)
{
    /// <summary>Ticks of a picture's timestamp in a second.</summary>
    public const int Rate = 90_000;

    /// <summary>Nothing is held longer than this, in ms.</summary>
    public const int Most = 400;

    // A change of less than this is no reason to speed pictures up or to slow them down, in ms.
    private const int Alike = 10;
    // Whoever names moments so far apart is mistaken, or another clock has begun on one side; in seconds.
    private const double Absurd = 3;

    // As long as the page's own window: what is quickest there is quickest here.
    private readonly ArrivalClock _pictures = new(time, Rate, TimeSpan.FromSeconds(4));

    /// <summary>What the hub told last.</summary>
    public Sync? Known { get; set; }

    /// <summary>What the pages know, in ms.</summary>
    public int Told { get; private set; }

    /// <summary>A picture has come whole.</summary>
    public void Note(uint timestamp) => _pictures.Note(timestamp);

    /// <summary>The lag in ms when it has changed by what matters, else null.</summary>
    public int? Changed()
    {
        int lag = Lag() ?? Told;
        if (Math.Abs(lag - Told) < Alike) return null;
        return Told = lag;
    }

    private int? Lag()
    {
        if (Known is not { } sync || mix.When(sync.Mix) is not { } sound || _pictures.When(sync.Video) is not { } picture) return null;
        double lag = sound - picture;
        return Math.Abs(lag) > Absurd ? null : (int)Math.Round(Math.Clamp(lag * 1000, -Most, Most));
    }
}
