namespace LanCollab.Tests.Support;

/// <summary>Tests that measure the whole process, and so run while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class AloneCollection
{
    /// <summary>For <see cref="CollectionAttribute"/>.</summary>
    public const string Name = "Alone";
}
