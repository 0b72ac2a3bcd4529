using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>A connection to an X11 display that survives the display's death.</summary>
internal sealed class XDisplay : IDisposable
{
    private readonly nint _lost = Marshal.AllocHGlobal(sizeof(int));
    private bool _disposed;

    /// <summary>Connects.</summary>
    /// <param name="name">For example <c>:0</c>; empty: the environment's <c>DISPLAY</c>.</param>
    /// <exception cref="UserErrorException"><c>no-display</c>.</exception>
    /// <exception cref="MissingLibraryException">libX11 is not installed.</exception>
    public XDisplay(string name)
    {
        Name = NameOf(name, Environment.GetEnvironmentVariable("DISPLAY"));
        Marshal.WriteInt32(_lost, 0);
        try
        {
            Handle = Open();
        }
        catch
        {
            Dispose();
            throw;
        }
        X11.SurviveLoss(Handle, _lost);
        Root = X11.XDefaultRootWindow(Handle);
    }

    /// <summary>The one that is asked for, or the environment's.</summary>
    /// <exception cref="UserErrorException"><c>no-display</c>: there is none.</exception>
    public static string NameOf(string asked, string? environment) => asked.Length > 0 ? asked : environment is { Length: > 0 } name ? name
        : throw new UserErrorException("no-display", "This machine has no X11 display (DISPLAY is not set); share from the browser instead.");

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>Xlib's.</summary>
    public nint Handle { get; }

    /// <summary>What to wait on for news.</summary>
    public int Descriptor => X11.XConnectionNumber(Handle);

    /// <summary>The window behind all others.</summary>
    public nuint Root { get; }

    /// <summary>The display has gone.</summary>
    public bool IsLost => Marshal.ReadInt32(_lost) != 0;

    /// <summary>Does requests and tells whether the display has refused one of them.</summary>
    public bool Succeeds(Action requests)
    {
        _ = X11.XSync(Handle, 0);
        int before = X11.Errors;
        requests();
        _ = X11.XSync(Handle, 0);
        return X11.Errors == before && !IsLost;
    }

    /// <summary>What to tell when it has gone.</summary>
    public UserErrorException Gone() => new("no-display", $"The X11 display {Name} has gone.");

    /// <inheritdoc />
    public void Dispose()
    {
        // After a loss the library has given the display up half-way: closing it would crash, and it may still look at the flag.
        if (_disposed || IsLost) return;
        _disposed = true;
        if (Handle != 0) _ = X11.XCloseDisplay(Handle);
        Marshal.FreeHGlobal(_lost);
    }

    private nint Open()
    {
        X11.Prepare();
        nint display = X11.XOpenDisplay(Name);
        return display != 0 ? display : throw new UserErrorException("no-display", $"The X11 display {Name} cannot be opened; is it running and may this user see it?");
    }
}
