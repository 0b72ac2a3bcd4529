using System.Runtime.InteropServices;

namespace LanCollab.Contracts;

/// <summary>Native libraries that the distribution provides.</summary>
public static class SystemLibrary
{
    /// <summary>Makes sure that a native library loads.</summary>
    /// <param name="soname">For example <c>libopus.so.0</c>.</param>
    /// <param name="package">The Debian package that brings it.</param>
    /// <exception cref="MissingLibraryException">It does not load.</exception>
    public static nint Require(string soname, string package) =>
        NativeLibrary.TryLoad(soname, out nint handle) ? handle : throw new MissingLibraryException(soname, package);
}

/// <summary>A native library is not on this machine. The message is a sentence with the command that installs it.</summary>
public sealed class MissingLibraryException(string soname, string package)
    : Exception($"The system library {soname} is missing; install it with: apt-get install {package}");
