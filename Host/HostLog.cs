using Microsoft.Extensions.Logging;

namespace LanCollab.Host;

/// <summary>Event ids 1000-1999.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Information, "Plugin {Plugin} loaded from {File}")]
    public static partial void PluginLoaded(ILogger log, string plugin, string file);

    [LoggerMessage(1001, LogLevel.Error, "Plugin {Plugin} failed and is left out: {Reason}")]
    public static partial void PluginFailed(ILogger log, string plugin, string reason, Exception? cause);

    [LoggerMessage(1002, LogLevel.Information, "Plugin {Plugin} is disabled by configuration")]
    public static partial void PluginDisabled(ILogger log, string plugin);

    [LoggerMessage(1003, LogLevel.Error, "The plugins folder {Folder} is not there: nothing but an empty shell can run")]
    public static partial void NoPluginFolder(ILogger log, string folder);

    [LoggerMessage(1004, LogLevel.Error, "Plugin {Plugin}: {Work} failed: {Reason}")]
    public static partial void PluginFault(ILogger log, string plugin, string work, string reason, Exception cause);

    [LoggerMessage(1005, LogLevel.Warning, "Plugin {Plugin}: {Work} did not end in time")]
    public static partial void PluginSlow(ILogger log, string plugin, string work);

    [LoggerMessage(1100, LogLevel.Debug, "{Service}: connection from {Remote} turned away: {Reason}")]
    public static partial void TurnedAway(ILogger log, string service, string remote, string reason);

    [LoggerMessage(1101, LogLevel.Debug, "{Service}: channel of {Peer} opened from {Remote}")]
    public static partial void ChannelOpened(ILogger log, string service, string peer, string remote);

    [LoggerMessage(1102, LogLevel.Debug, "{Service}: channel of {Peer} closed: {Reason}")]
    public static partial void ChannelClosed(ILogger log, string service, string peer, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "{Service}: channel of {Peer} closed, the protocol was broken: {Reason}")]
    public static partial void ProtocolBroken(ILogger log, string service, string peer, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "{Service}: accepting failed, trying again: {Reason}")]
    public static partial void AcceptFailed(ILogger log, string service, string reason);

    [LoggerMessage(1110, LogLevel.Debug, "{Service}: datagram from {Remote} dropped: {Reason}")]
    public static partial void DatagramDropped(ILogger log, string service, string remote, string reason);

    [LoggerMessage(1111, LogLevel.Error, "{Service}: the datagram handler failed: {Reason}")]
    public static partial void DatagramFault(ILogger log, string service, string reason, Exception cause);

    [LoggerMessage(1112, LogLevel.Debug, "{Service}: the datagram socket reported {Reason}")]
    public static partial void DatagramSocket(ILogger log, string service, string reason);

    [LoggerMessage(1200, LogLevel.Information, "The server {Address} was not known yet; its certificate is now pinned: {Fingerprint}")]
    public static partial void ServerPinned(ILogger log, string address, string fingerprint);

    [LoggerMessage(1201, LogLevel.Debug, "{Service}: no channel to the server: {Reason}; next attempt in {Wait}")]
    public static partial void ChannelRetry(ILogger log, string service, string reason, TimeSpan wait);

    [LoggerMessage(1202, LogLevel.Warning, "{File} cannot be read and is put aside as {Aside}: {Reason}")]
    public static partial void KnownServersDamaged(ILogger log, string file, string aside, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "{File} cannot be written; pins are kept until the program ends: {Reason}")]
    public static partial void KnownServersNotSaved(ILogger log, string file, string reason);

    [LoggerMessage(1210, LogLevel.Information, "listening {Service} tcp port {Port}, for other clients")]
    public static partial void DirectListening(ILogger log, string service, int port);

    [LoggerMessage(1211, LogLevel.Debug, "{Service}: the client {Remote} was turned away or has gone: {Reason}")]
    public static partial void DirectEnded(ILogger log, string service, string remote, string reason);

    [LoggerMessage(1220, LogLevel.Information, "TLS is done by {Library}")]
    public static partial void TlsBy(ILogger log, string library);

    [LoggerMessage(1300, LogLevel.Information, "{Role} started, version {Version}, data in {Folder}")]
    public static partial void Started(ILogger log, string role, string version, string folder);

    [LoggerMessage(1301, LogLevel.Information, "{Role} stopped")]
    public static partial void Stopped(ILogger log, string role);

    [LoggerMessage(1302, LogLevel.Warning, "The browser could not be opened: {Reason}")]
    public static partial void NoBrowser(ILogger log, string reason);

    [LoggerMessage(1310, LogLevel.Error, "A figure for /metrics could not be read: {Reason}")]
    public static partial void MetricFault(ILogger log, string reason, Exception cause);

    [LoggerMessage(1311, LogLevel.Error, "The instrument {Instrument} of {Meter} has the name of another one that measures in another way; it is left out of /metrics")]
    public static partial void MetricClash(ILogger log, string meter, string instrument);

    [LoggerMessage(1312, LogLevel.Debug, "Memory is given back: there were {Most} channels, {Now} are left")]
    public static partial void MemoryTrimmed(ILogger log, long most, long now);

    [LoggerMessage(1320, LogLevel.Information, "{Key} has changed to {Value} and is in effect")]
    public static partial void SettingChanged(ILogger log, string key, string value);

    [LoggerMessage(1321, LogLevel.Warning, "{Key} takes effect after a restart")]
    public static partial void SettingWaits(ILogger log, string key);

    [LoggerMessage(1322, LogLevel.Error, "The changed configuration is not used, the old one stays: {Reason}")]
    public static partial void SettingsRefused(ILogger log, string reason);

    [LoggerMessage(1323, LogLevel.Warning, "{Key} was given on the command line, where everybody on this machine can read it; use a file or the environment variable {Variable}")]
    public static partial void SecretShown(ILogger log, string key, string variable);

    [LoggerMessage(1400, LogLevel.Information, "Child {Role} started as process {Process}")]
    public static partial void ChildStarted(ILogger log, string role, int process);

    [LoggerMessage(1401, LogLevel.Warning, "Demo: {Person} could not do {Step}: {Reason}")]
    public static partial void DemoStep(ILogger log, string person, string step, string reason);
}
