using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// ALSA prints a page of complaints on the standard error output when PortAudio tries every kind of device this machine could have. What
/// matters comes back as an error code.
/// </summary>
internal static unsafe partial class AlsaErrors
{
    [LibraryImport("libasound.so.2", EntryPoint = "snd_lib_error_set_handler")]
    private static partial int SetHandler(delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, void> handler);

    /// <summary>Turns them off for this process; does nothing where there is no ALSA.</summary>
    public static void Silence()
    {
        if (NativeLibrary.TryLoad("libasound.so.2", out _)) _ = SetHandler(&Ignore);
    }

    // void (const char *file, int line, const char *function, int err, const char *fmt, ...): the caller removes what is not looked at.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint file, int line, nint function, int error, nint format) { }
}
