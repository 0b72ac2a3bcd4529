namespace LanCollab.Host.Roles;

/// <summary>What the program is in this run.</summary>
internal interface IRole
{
    /// <summary>Runs until the token ends, then stops in order.</summary>
    Task RunAsync(CancellationToken stopping);
}

/// <summary>The program's version.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}

/// <summary>Waiting at the end.</summary>
internal static class Drain
{
    /// <summary>Waits for work that is ending, but no longer than this: a shutdown must not hang on one part.</summary>
    public static Task WaitAsync(Task ending, TimeSpan atMost, TimeProvider time) =>
        Task.WhenAny(ending, Task.Delay(atMost, time, CancellationToken.None));
}
