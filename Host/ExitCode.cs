namespace LanCollab.Host;

/// <summary>What the program's exit code says to a script.</summary>
internal enum ExitCode
{
    /// <summary>Stopped as asked.</summary>
    Stopped = 0,

    /// <summary>Failed; the message says why.</summary>
    Failed = 1,

    /// <summary>The configuration cannot be used; the message names file, key, value and what is allowed.</summary>
    BadConfiguration = 2,

    /// <summary>A port is in use; the message names it.</summary>
    PortInUse = 3,

    /// <summary>Another process works in the data folder.</summary>
    FolderInUse = 4,

    /// <summary>A command could not join its room: no server, or it refused; the message says why.</summary>
    NotJoined = 5,
}
