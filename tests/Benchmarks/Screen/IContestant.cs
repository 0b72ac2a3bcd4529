namespace LanCollab.Benchmarks.Screen;

/// <summary>Somebody who sees the display from afar.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>Bytes of pictures that have come.</summary>
    long Bytes { get; }

    /// <summary>Changes of the picture that have been shown.</summary>
    long Updates { get; }
}
