namespace LanCollab.Contracts;

/// <summary>
/// A command for scripts, <c>./lancollab &lt;name&gt; arguments…</c>. Export it beside the client half, as many as there are:
/// <c>[Export(typeof(ICommand)), Shared]</c>. It runs in a process of its own, a client without a page that has joined the room of the settings.
/// </summary>
public interface ICommand
{
    /// <summary>Lower-case letters only.</summary>
    string Name { get; }

    /// <summary>The arguments, as one line for a person: <c>send &lt;path&gt;… [--to name]</c>.</summary>
    string Usage { get; }

    /// <summary>Called once, after this plugin's client half has started, the room is joined and the channels are open.</summary>
    /// <param name="call">What it was called with.</param>
    /// <param name="cancellationToken">A person interrupts it: end soon, what can be gone on with is kept.</param>
    /// <returns>The exit code: 0 all done, 1 not all.</returns>
    /// <exception cref="UserErrorException"><c>bad-arguments</c>: exit code 2; anything else: 1. The message is shown.</exception>
    Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken);
}

/// <summary>One call of a command.</summary>
/// <param name="Arguments">Without the command's name and without what the shell takes itself (server, room, name, settings).</param>
/// <param name="Directory">Where relative paths begin.</param>
/// <param name="Output">What a script reads.</param>
/// <param name="Error">What only a person reads.</param>
/// <param name="IsTerminal">The output is looked at by a person: progress may be drawn over itself.</param>
public sealed record CommandCall(IReadOnlyList<string> Arguments, string Directory, TextWriter Output, TextWriter Error, bool IsTerminal);
