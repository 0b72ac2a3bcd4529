using System.ComponentModel.DataAnnotations;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>The section <c>Plugins:Screen</c>. All but the port may change while the program runs: how a display is captured at once, the rest from the next presentation on.</summary>
public sealed class ScreenOptions
{
    /// <summary>A <see cref="Policy"/>.</summary>
    public const string FirstCome = "first-come", ModeratorGrants = "moderator-grants";

    /// <summary>TCP port of the hub's service; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 5873;

    /// <summary>What <c>screen/present</c> shows when it names nothing: none, browser, device, device:&lt;display&gt; or file:&lt;folder of pictures&gt;.</summary>
    [RegularExpression("none|browser|device(:.+)?|file:.+"), Live]
    public string Source { get; init; } = "browser";

    /// <summary>Present <see cref="Source"/> (a file or device) after joining, when nobody does.</summary>
    [Live]
    public bool AutoPresent { get; init; }

    /// <summary>Who may present, on the hub: first-come: any member, when nobody does; moderator-grants: presenters and moderators, members when a moderator grants it.</summary>
    [RegularExpression("first-come|moderator-grants"), Live]
    public string Policy { get; init; } = FirstCome;

    /// <summary>The most pictures a second that are taken of the same part of a display; what has nothing to do with it does not wait for its turn.</summary>
    [Range(1, 60), Live]
    public int MaxFps { get; init; } = 30;

    /// <summary>Send what has only moved (a scrolled page, a dragged window) as a copy.</summary>
    [Live]
    public bool Copies { get; init; } = true;

    /// <summary>Never send moving pictures as JPEG, not even until they stand still.</summary>
    [Live]
    public bool Lossless { get; init; }

    /// <summary>Seconds after which the next slide comes by itself; 0 = never.</summary>
    [Range(0, 3600), Live]
    public int SlideSeconds { get; init; }

    /// <summary>The most memory the pages of slides of one room may take on the hub, in MiB; 0 = nobody can leaf by themselves.</summary>
    [Range(0, 4096), Live]
    public int MaxDeckMiB { get; init; } = 128;

    /// <summary>The most memory the encoded picture of one room may take, in MiB: a 4K screen full of noise takes 25.</summary>
    [Range(1, 1024), Live]
    public int MaxPictureMiB { get; init; } = 64;
}
