namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// How long a talker's frames wait for the beat beyond what their jitter asks for, and by how much the talker is to shift their ends. Whole frames are the playout buffer's to leave out or to make up; less
/// than a frame only the talker can shift. For one thread at a time; time is counted in beats.
/// </summary>
internal sealed class BeatPhase
{
    private const double Frame = AudioFormat.FrameMilliseconds;
    private const double Left = Frame + 1, Lacking = -Frame * 3 / 4; // ms: what is beyond these the buffer takes away or makes up itself
    private const double Leapt = -Frame / 4; // ms
    private const double Still = 2; // ms that are not worth a shift
    private const double StillShare = 0.1; // and of what is needed: with jitter, that is not known better
    private const int Enough = 40; // beats with sound
    private const int Settling = 125; // beats until what was shifted is known here
    private const double BeatsEach = 16; // a talker without a pause takes so many for a millisecond (`FrameShift`)

    private double _least = double.MaxValue, _needed;
    private double _asked, _worth; // the last shift; what is not worth another one to later
    private int _beats;
    private int _rest;

    /// <summary>A beat.</summary>
    /// <param name="waits">How long its frame was held back, and how long that would have to be, in ms; null: there was none.</param>
    public void Note((double Held, double Needed)? waits)
    {
        if (_rest > 0) _rest--;
        else if (waits is { } frame)
        {
            (_least, _needed) = (Math.Min(_least, frame.Held), frame.Needed);
            _beats++;
        }
    }

    /// <summary>By how many ms, to a tenth, frames should come later from now on; negative: earlier. 0: they are in time, or nothing is known yet.</summary>
    public double Ask()
    {
        if (_beats < Enough) return 0;
        double early = _least - _needed;
        while (early > Left) early -= Frame;
        (_least, _beats) = (double.MaxValue, 0);
        double still = Still + (StillShare * _needed);
        if (early < Lacking || Math.Abs(early) < still || early > 0 && early < _worth) return 0;
        early = Math.Round(early, 1);
        // A source that comes in steps of its own was made to come too late: it goes back there and stays.
        if (early < Leapt && _asked > 0) _worth = _asked + still;
        _asked = early;
        _rest = Settling + (int)(Math.Abs(early) * BeatsEach);
        return early;
    }
}
