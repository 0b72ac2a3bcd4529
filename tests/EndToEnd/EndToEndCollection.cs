namespace LanCollab.Tests.EndToEnd;

/// <summary>Tests with real processes run alone: four of them fill a small machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class EndToEndCollection
{
    /// <summary>For <see cref="CollectionAttribute"/>.</summary>
    public const string Name = "EndToEnd";
}
