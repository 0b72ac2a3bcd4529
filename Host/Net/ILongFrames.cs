namespace LanCollab.Host.Net;

/// <summary>A stream that moves more at a time while a long frame goes through it.</summary>
internal interface ILongFrames
{
    /// <summary>The reader: a long frame comes, read ahead. What has been read ahead is given out in any case.</summary>
    bool ReadsAhead { get; set; }

    /// <summary>The writer: what follows may wait until <see cref="ReleaseAsync"/>.</summary>
    void Gather();

    /// <summary>Writes what has waited.</summary>
    ValueTask ReleaseAsync(CancellationToken cancellationToken);
}
