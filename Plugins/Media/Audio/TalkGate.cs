using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Decides for each captured frame whether it is sent: always but in silence (<c>open</c>), above a threshold (<c>voice</c>), while a key is down
/// (<c>push</c>), while it is up (<c>push-mute</c>). Silence is not sent in any of them.
/// </summary>
internal sealed class TalkGate
{
    private const byte Silence = 70; // -dBov: below the noise of a quiet room
    private const int SilenceHold = 500; // ms
    private static readonly string[] Modes = ["open", "voice", "push", "push-mute"];

    private int _sinceVoice = int.MaxValue / 2; // ms

    /// <summary>One of <c>open</c>, <c>voice</c>, <c>push</c>, <c>push-mute</c>.</summary>
    public string Mode { get; private set; } = Modes[0];

    /// <summary>For <c>voice</c>: the quietest level that counts, in -dBov.</summary>
    public int Threshold { get; private set; } = 50;

    /// <summary>For <c>voice</c>: so long after it, in ms, frames are still sent.</summary>
    public int Hold { get; private set; } = 300;

    /// <summary>The key is down.</summary>
    public bool IsKeyDown { get; set; }

    /// <summary>Changes what is named; nothing at all when one of them is wrong.</summary>
    /// <exception cref="UserErrorException"><c>bad-mode</c>, <c>out-of-range</c>.</exception>
    public void Set(string? mode, int? threshold, int? hold)
    {
        if (mode is not null && !Modes.Contains(mode)) throw new UserErrorException("bad-mode", $"\"{mode}\" is no mode; use {string.Join(", ", Modes)}.");
        if (threshold is < 20 or > 80) throw new UserErrorException("out-of-range", $"The threshold is {threshold}; it may be 20 to 80.");
        if (hold is < 0 or > 2000) throw new UserErrorException("out-of-range", $"The hold is {hold} ms; it may be 0 to 2000.");
        (Mode, Threshold, Hold) = (mode ?? Mode, threshold ?? Threshold, hold ?? Hold);
    }

    /// <summary>True when a frame of this level is to be sent.</summary>
    /// <param name="level">Of the frame.</param>
    /// <param name="milliseconds">Its length.</param>
    public bool Passes(byte level, int milliseconds = AudioFormat.FrameMilliseconds)
    {
        bool voice = Mode == "voice";
        int hold = voice ? Hold : SilenceHold;
        _sinceVoice = level <= (voice ? Threshold : Silence) ? 0 : Math.Min(_sinceVoice + milliseconds, int.MaxValue / 2);
        bool wanted = Mode switch { "push" => IsKeyDown, "push-mute" => !IsKeyDown, _ => true };
        return wanted && _sinceVoice <= hold;
    }
}
