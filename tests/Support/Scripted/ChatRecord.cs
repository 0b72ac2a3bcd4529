namespace LanCollab.Tests.Support.Scripted;

/// <summary>One line of a script: the n-th line of a person; key and text follow from the two, so that a record is three numbers.</summary>
/// <param name="Person">The sender's number, or -1 for a line that nobody's script has.</param>
/// <param name="Number">From 0.</param>
internal readonly record struct ScriptLine(int Person, int Number)
{
    /// <summary>A line that came and that nobody sent.</summary>
    public static ScriptLine Phantom { get; } = new(-1, -1);

    /// <summary>The idempotent id.</summary>
    public string Key => $"p{Person}-{Number}";

    /// <summary>What is said; some lines are longer than others.</summary>
    public string Text => $"line {Number} of person {Person} {new string('x', Number * 7 % 120)}".TrimEnd();

    /// <summary>Which line this is; a changed text makes a phantom.</summary>
    public static ScriptLine Read(string key, string text)
    {
        int dash = key.IndexOf('-', StringComparison.Ordinal);
        if (dash < 2 || key[0] != 'p' || !int.TryParse(key.AsSpan(1, dash - 1), out int person) || !int.TryParse(key.AsSpan(dash + 1), out int number)) return Phantom;
        var line = new ScriptLine(person, number);
        return line.Text == text ? line : Phantom;
    }
}

/// <summary>A line under the number it was told with.</summary>
internal readonly record struct Told(long Seq, ScriptLine Line);

/// <summary>All that happened to one client, in the order in which it happened there.</summary>
/// <param name="Person">The client's number.</param>
internal sealed record ChatRecord(int Person)
{
    /// <summary>Lines of its own that the hub has acknowledged, with the numbers they got.</summary>
    public List<Told> Acknowledged { get; init; } = [];

    /// <summary>What it gave to its page, in that order.</summary>
    public List<Told> Shown { get; init; } = [];

    /// <summary>Lines that came again, after a catch-up for example, under a number that had another line before.</summary>
    public List<Told> Contradicted { get; init; } = [];
}
