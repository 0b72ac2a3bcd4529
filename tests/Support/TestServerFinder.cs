namespace LanCollab.Tests.Support;

/// <summary>A network on which servers appear when the test says so.</summary>
public sealed class TestServerFinder : IServerFinder
{
    /// <inheritdoc />
    public IReadOnlyList<FoundServer> Servers { get; private set; } = [];

    /// <inheritdoc />
    public SearchReport Report { get; private set; } = SearchReport.Off;

    /// <inheritdoc />
    public event Action? Changed;

    /// <summary>How often a search was asked for.</summary>
    public int Searches { get; private set; }

    /// <inheritdoc />
    public void Search() => Searches++;

    /// <summary>Shows these.</summary>
    public void Show(SearchReport report, params FoundServer[] servers)
    {
        (Servers, Report) = (servers, report);
        Changed?.Invoke();
    }
}
