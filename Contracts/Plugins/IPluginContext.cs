namespace LanCollab.Contracts;

/// <summary>What both halves of a plugin are lent.</summary>
public interface IPluginContext
{
    /// <summary>A folder of this plugin's own, made before the start; kept between runs.</summary>
    string DataDirectory { get; }

    /// <summary>Ends when the program stops: before channels are closed and plugins disposed.</summary>
    CancellationToken Stopping { get; }

    /// <summary>
    /// Binds the section <c>Plugins:&lt;name&gt;</c> to a new <typeparamref name="T"/>. Property initialisers are the defaults;
    /// attributes of <see cref="System.ComponentModel.DataAnnotations"/> are the ranges.
    /// One options class serves both halves, since a key that it does not have is an error.
    /// </summary>
    /// <exception cref="ConfigurationErrorException">
    /// An unknown key, a value that does not parse or one out of range; the message names file, key, value and what is allowed.
    /// </exception>
    T Options<T>() where T : class, new();

    /// <summary>
    /// As <see cref="Options{T}"/>, and follows the configuration's files from then on: what carries <see cref="LiveAttribute"/> changes at
    /// once, everything else keeps the value of the start. A file that is broken or a value out of range is logged and changes nothing.
    /// </summary>
    /// <exception cref="ConfigurationErrorException">As for <see cref="Options{T}"/>, at the start only.</exception>
    ILiveOptions<T> Watch<T>() where T : class, new();

    /// <summary>
    /// For this plugin's counters, gauges and histograms; the shell shows them to the operator. Names in snake_case without the plugin's
    /// name, units in UCUM, few tags of few values, never a person's name or an address.
    /// </summary>
    System.Diagnostics.Metrics.Meter Meter { get; }

    /// <summary>
    /// Runs work in the background under the shell's care: an exception is logged as this plugin's fault and goes no further,
    /// and the shutdown waits for it.
    /// </summary>
    /// <param name="name">What it does, for the log.</param>
    /// <param name="work">Is given <see cref="Stopping"/>.</param>
    void Run(string name, Func<CancellationToken, Task> work);
}
