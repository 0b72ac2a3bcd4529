using System.Composition;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media;

/// <summary>What a person of the demo says and looks like: files that are made at the first run.</summary>
[Export(typeof(IDemoPlugin)), Shared]
public sealed class MediaDemo : IDemoPlugin
{
    /// <inheritdoc />
    public async Task<DemoPart> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        string voice = await AudioDemo.PrepareAsync(person, cancellationToken).ConfigureAwait(false);
        string camera = await VideoDemo.PrepareAsync(person, cancellationToken).ConfigureAwait(false);
        return new DemoPart(
            new Dictionary<string, string>
            {
                ["Plugins:Media:Microphone"] = $"file:{voice}",
                ["Plugins:Media:Speaker"] = "none",
                ["Plugins:Media:Camera"] = $"file:{camera}",
            },
            DemoPart.None.Steps);
    }
}
