using System.Reflection;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Configuration;

/// <summary>
/// Follows the configuration's files while the program runs. A change is taken as a whole or not at all: everything is bound and checked anew first, and
/// what cannot be used is one sentence in the log. Then what is <see cref="LiveAttribute"/> takes effect, and of the rest the log says that it waits for a
/// restart.
/// </summary>
/// <param name="start">The settings of the start.</param>
/// <param name="section">The role's own section; the other roles' do not matter to this process.</param>
/// <param name="time">For looking at the files.</param>
/// <param name="log">For the operator.</param>
internal sealed class LiveSettings(Settings start, string section, TimeProvider time, ILogger log)
{
    /// <summary>
    /// Files are looked at and not watched: editors replace them, and mounts from elsewhere tell the system nothing. Two looks a second apart must agree,
    /// so that half a file is not read.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Func<Settings, Action>> _bound = [];
    private readonly HashSet<string> _live = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _told = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyDictionary<string, string?> _effective = start.Flatten();
    private string _read = start.Stamp();
    private string _seen = start.Stamp();

    public static bool IsLive(PropertyInfo property) => property.GetCustomAttribute<LiveAttribute>() is not null;

    /// <summary>Binds a section that is only checked when the files change: all of it waits for a restart.</summary>
    public T Bind<T>(string path, params string[] alsoKnown) where T : class, new()
    {
        T options = OptionsBinder.Bind<T>(start, path, alsoKnown);
        lock (_lock) _bound.Add(fresh => { OptionsBinder.Bind<T>(fresh, path, alsoKnown); return () => { }; });
        return options;
    }

    /// <summary>Binds a section whose live properties follow the files.</summary>
    /// <param name="fault">Told when a handler of the change throws.</param>
    /// <param name="path">The section.</param>
    /// <param name="alsoKnown">Keys that somebody else reads.</param>
    public ILiveOptions<T> Watch<T>(Action<Exception> fault, string path, params string[] alsoKnown) where T : class, new()
    {
        var options = new LiveOptions<T>(OptionsBinder.Bind<T>(start, path, alsoKnown), fault);
        lock (_lock)
        {
            foreach (PropertyInfo property in typeof(T).GetProperties().Where(IsLive)) _live.Add($"{path}:{property.Name}");
            _bound.Add(fresh =>
            {
                T bound = OptionsBinder.Bind<T>(fresh, path, alsoKnown);
                return () => options.Take(bound);
            });
        }
        return options;
    }

    /// <summary>Looks at the files until the token ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Ticker.RunAsync(Interval, time, Look, cancellationToken);

    /// <summary>Reads the files when they have changed and are the same as at the last look.</summary>
    public void Look()
    {
        string now = start.Stamp();
        bool settled = now == _seen;
        _seen = now;
        if (!settled || now == _read) return;
        _read = now;
        Reload();
    }

    private void Reload()
    {
        try
        {
            Settings fresh = start.Reload();
            Action[] changes;
            lock (_lock) changes = [.. _bound.Select(bind => bind(fresh))];
            Dictionary<string, string?> changed = Changed(fresh.Flatten());
            foreach (Action change in changes) change();
            Tell(changed);
        }
        catch (ConfigurationErrorException e)
        {
            HostLog.SettingsRefused(log, e.Message);
        }
        // Taken away from under the reading, or not ours to read any more.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.SettingsRefused(log, e.Message);
        }
    }

    /// <summary>Keys whose value differs from the one in effect, with the new one; null: the default.</summary>
    private Dictionary<string, string?> Changed(IReadOnlyDictionary<string, string?> fresh) => _effective.Keys.Union(fresh.Keys, StringComparer.OrdinalIgnoreCase)
        .Where(key => IsOurs(key) && _effective.GetValueOrDefault(key) != fresh.GetValueOrDefault(key))
        .ToDictionary(key => key, fresh.GetValueOrDefault, StringComparer.OrdinalIgnoreCase);

    private bool IsOurs(string key) => ((string[])["Plugins", "Discovery", section]).Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>A list has a key for each of its values: <c>Plugins:Poll:Rooms:0</c>.</summary>
    private bool IsLive(string key) => _live.Contains(key) || (key.LastIndexOf(':') is > 0 and var last && int.TryParse(key[(last + 1)..], out _) && _live.Contains(key[..last]));

    private void Tell(Dictionary<string, string?> changed)
    {
        var effective = new Dictionary<string, string?>(_effective, StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in changed.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (IsLive(key)) HostLog.SettingChanged(log, key, Shown(key, value));
            else if (!_told.TryGetValue(key, out string? told) || told != value) HostLog.SettingWaits(log, key);
            if (IsLive(key)) effective[key] = value;
        }
        _effective = effective;
        // What was changed back is forgotten, and told again when it changes once more.
        _told.Clear();
        foreach ((string key, string? value) in changed) _told[key] = value;
    }

    /// <summary>Secrets do not belong into a log.</summary>
    private static string Shown(string key, string? value) =>
        CommandLine.IsSecret(key) ? "another one" : value is null ? "the default" : $"\"{value}\"";
}
