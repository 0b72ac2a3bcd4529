namespace LanCollab.Contracts;

/// <summary>
/// Names the plugin that this assembly holds; the shell reads it before anything is composed.
/// </summary>
/// <example><code>[assembly: Plugin("poll")]</code></example>
/// <param name="name">
/// Lower-case letters only. It is the configuration section (<c>Plugins:poll</c>, case does not matter), the prefix of all
/// message names (<c>poll/vote</c>), the folder of its pages (<c>/plugins/poll/</c>) and of its data.
/// </param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PluginAttribute(string name) : Attribute
{
    /// <summary>The version of these contracts. A plugin built for another one is reported and left out.</summary>
    public const int CurrentContract = 1;

    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>The contract version the plugin was built for.</summary>
    public int Contract { get; init; } = CurrentContract;

    /// <summary>Where the plugin stands among the panels of the page and in the order of start, low first; stops go the other way.</summary>
    public int Order { get; init; } = 100;

    /// <summary>True: its client half is needed by all others (it joins rooms), and starts also where only one plugin's <see cref="ICommand"/> runs.</summary>
    public bool Essential { get; init; }
}
