using System.Net;
using LanCollab.Host.Net;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Loads;

/// <summary>One plugin's server half behind the real listener: TCP, TLS and tokens on loopback, within this process.</summary>
/// <param name="configure">Sets the plugin's options, whose class it knows.</param>
internal sealed class TlsHub(Action<object> configure) : IServerContext, IAsyncDisposable
{
    private const int MaxHandshakes = 256;

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly AdmissionDesk _desk = new();
    private readonly List<Task> _work = [];
    private StreamListener? _listener;
    private ServerAddress _address;

    public string DataDirectory => _folder.Path;

    public CancellationToken Stopping => _stop.Token;

    public T Options<T>() where T : class, new()
    {
        var options = new T();
        configure(options);
        return options;
    }

    public ILiveOptions<T> Watch<T>() where T : class, new() => new LanCollab.Host.Configuration.LiveOptions<T>(Options<T>());

    public System.Diagnostics.Metrics.Meter Meter { get; } = new("bench");

    public void Run(string name, Func<CancellationToken, Task> work) => _work.Add(Task.Run(() => work(Stopping)));

    public void MapStream(StreamService service, Func<IChannel, CancellationToken, Task> handler)
    {
        var gate = new HandshakeGate(MaxHandshakes, MaxHandshakes);
        var certificate = ServerIdentity.LoadOrCreate(DataDirectory, TimeProvider.System);
        var shared = new ListenerShared(certificate, _desk, gate, TimeProvider.System, NullLogger.Instance);
        _listener = new StreamListener(new StreamMapping("bench", service, handler), shared, Stopping);
        IPEndPoint endpoint = _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), "");
        _address = new ServerAddress(endpoint.Address.ToString(), endpoint.Port);
        _listener.Start();
    }

    public IServerDatagrams MapDatagrams(DatagramService service, DatagramHandler handler) =>
        throw new NotSupportedException("this hub serves streams only");

    /// <summary>Admits a person and opens their channel.</summary>
    public async Task<IChannel> JoinAsync(string name, string service, int maxFrame)
    {
        Admission admission = _desk.Admit(new Peer(name, name, "room"));
        var hello = new Hello(Hello.CurrentVersion, service, admission.Token);
        return (await new Dialer(TimeProvider.System).DialAsync(_address, null, hello, maxFrame, Stopping)).Channel;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_listener is not null) await _listener.StopAsync();
        await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Meter.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }
}
