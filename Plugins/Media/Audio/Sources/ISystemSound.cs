using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>What this machine's programs play, behind one seam since each operating system has another way to it.</summary>
internal interface ISystemSound
{
    /// <summary>What can be listened to now; empty where nothing can.</summary>
    Task<IReadOnlyList<Device>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Opens one, by what stands behind <c>device:</c> in <see cref="ListAsync"/>; empty: everything that is played.</summary>
    /// <param name="which">See above.</param>
    /// <param name="shape">What frames are wanted.</param>
    /// <exception cref="UserErrorException"><c>no-device</c>, <c>missing-library</c>.</exception>
    IMicrophone Open(string which, FrameShape shape);
}
