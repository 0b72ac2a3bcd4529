namespace LanCollab.Plugins.Session;

/// <summary>What a resume token is worth.</summary>
internal enum TokenWorth
{
    /// <summary>It belongs to another seat, or to none.</summary>
    Nothing,

    /// <summary>It takes the seat up.</summary>
    Good,

    /// <summary>It was good once: somebody has taken the seat up with it since.</summary>
    Spent,
}

/// <summary>
/// The resume tokens of one seat; only their digests are kept. Each is good once: using it makes the next one. The one before stays good
/// until the client has shown by a beat that it got the next one, since the connection may break in between.
/// </summary>
/// <param name="current">Digest of the newest.</param>
/// <param name="former">Digest of the one before while the newest is not confirmed, else null.</param>
/// <param name="spent">Digests of those before, the newest last.</param>
internal sealed class ResumeTokens(string? current = null, string? former = null, IEnumerable<string>? spent = null)
{
    private const int Remembered = 4;

    private readonly List<string> _spent = [.. spent ?? []];

    public string? Current { get; private set; } = current;

    public string? Former { get; private set; } = former;

    public IReadOnlyList<string> Spent => _spent;

    /// <summary>All digests by which the seat can be found.</summary>
    public IEnumerable<string> All => new[] { Current, Former }.OfType<string>().Concat(_spent);

    /// <summary>What a token with this digest is worth.</summary>
    public TokenWorth Worth(string digest) => digest == Current || digest == Former ? TokenWorth.Good
        : _spent.Contains(digest) ? TokenWorth.Spent : TokenWorth.Nothing;

    /// <summary>Makes the next one.</summary>
    /// <param name="used">Digest of the good one that was shown; null: none (a new seat, or one taken over by its device), and all before are spent.</param>
    /// <returns>The token itself, for the client alone.</returns>
    public string Next(string? used = null)
    {
        if (used is null) Spend(Former);
        // Who shows the former one never got the current one, or is a copy: then the copy's is spent now.
        string? kept = used is not null && used == Former ? Former : used is null ? null : Current;
        if (Current != kept) Spend(Current);
        if (Former != kept) Spend(Former);
        string token = Secrets.NewResume();
        (Current, Former) = (Secrets.ResumeKey(token), kept);
        return token;
    }

    /// <summary>The client has the newest one.</summary>
    /// <returns>True when that changed something.</returns>
    public bool Confirm()
    {
        if (Former is null) return false;
        Spend(Former);
        Former = null;
        return true;
    }

    private void Spend(string? digest)
    {
        if (digest is null || _spent.Contains(digest)) return;
        _spent.Add(digest);
        if (_spent.Count > Remembered) _spent.RemoveAt(0);
    }
}
