using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>Both ends of a TLS connection from memory to memory.</summary>
public sealed partial class OpenSslEngineTests : IDisposable
{
    private const int MinimumVersion = 123, MaximumVersion = 124, Tls11 = 0x0302, Tls12 = 0x0303, Tls13 = 0x0304, AsksForNewKeys = 1;
    private const ulong NoRenegotiation = 1 << 30;

    private readonly X509Certificate2 _certificate = ServerIdentity.CreateForThisRun(TimeProvider.System);
    private readonly OpenSslContext _hub, _caller, _hubWithRecords, _callerWithRecords;

    [ThreadStatic]
    private static byte[]? _roomOfThread;

    public OpenSslEngineTests()
    {
        Assert.SkipUnless(OpenSslTls.IsSupported, "OpenSSL 3 is not here.");
        _hub = OpenSslContext.ForServer(_certificate, asksCallers: false);
        _caller = OpenSslContext.ForClient(shown: null);
        _hubWithRecords = OpenSslContext.ForServer(_certificate, asksCallers: false, ownRecords: false);
        _callerWithRecords = OpenSslContext.ForClient(shown: null, ownRecords: false);
    }

    public void Dispose()
    {
        _hub?.Dispose();
        _caller?.Dispose();
        _hubWithRecords?.Dispose();
        _callerWithRecords?.Dispose();
        _certificate.Dispose();
    }

    [Fact]
    public void It_speaks_TLS_1_3_and_where_asked_1_2()
    {
        Assert.Equal(Tls13, Open().Hub.Version);
        Assert.Equal(Tls12, Open(Tls12).Hub.Version);
    }

    [Fact]
    public void What_is_older_than_TLS_1_2_is_refused()
    {
        Assert.Equal(1, OpenSsl.ControlContext(_caller.DangerousGetHandle(), MinimumVersion, Tls11, 0));
        Assert.Equal(1, OpenSsl.SetCiphers(_caller.DangerousGetHandle(), "ALL:@SECLEVEL=0"));
        var (hub, caller) = New();
        Assert.Equal(1, Control(caller, MaximumVersion, Tls11, 0));
        TlsStep hello = caller.Handshake([], Room);
        Assert.True(hello.Made > 0);
        Assert.Equal(TlsState.Failed, hub.Handshake(Room.AsSpan(0, hello.Made).ToArray(), Room).State);
    }

    [Fact]
    public void The_second_connection_resumes_the_first_ones_session_and_knows_the_hub_all_the_same()
    {
        var (hub, caller) = Open();
        Assert.False(caller.IsResumed);
        Assert.Equal("x", Said(hub, caller, "x"));
        caller.KeepSession();
        var (second, again) = Open();
        Assert.True(again.IsResumed);
        Assert.True(second.IsResumed);
        Assert.Equal(ServerIdentity.Fingerprint(_certificate), again.PeerFingerprint());
    }

    [Fact]
    public void A_session_of_one_hub_is_none_of_anothers()
    {
        var (hub, caller) = Open();
        Assert.Equal("x", Said(hub, caller, "x"));
        caller.KeepSession();
        using X509Certificate2 other = ServerIdentity.CreateForThisRun(TimeProvider.System);
        using OpenSslContext impostor = OpenSslContext.ForServer(other, asksCallers: false);
        var (near, far) = (new OpenSslEngine(impostor, host: null), new OpenSslEngine(_caller, "hub.test"));
        Shake(near, far);
        Assert.False(far.IsResumed);
        Assert.Equal(ServerIdentity.Fingerprint(other), far.PeerFingerprint());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void New_keys_are_given_when_asked_for_and_a_flood_of_such_questions_ends_the_connection(bool ownRecords)
    {
        // OpenSSL asks: only what makes its own records can be told to.
        var (hub, caller) = (new OpenSslEngine(ownRecords ? _hub : _hubWithRecords, host: null), new OpenSslEngine(_callerWithRecords, "hub.test"));
        Shake(hub, caller);
        Assert.Equal("before", Said(hub, caller, "before"));
        byte[] plain = new byte[100], answer = new byte[512];
        for (int round = 0; round < 3; round++)
        {
            byte[] questions = [.. Questions(caller, 10), .. Written(caller, "a")];
            TlsStep step = hub.Read(questions, plain, answer);
            Assert.Equal((TlsState.Done, questions.Length, 1, (byte)'a'), (step.State, step.Taken, step.Plain, plain[0]));
            // Each answer is in the keys of the one before, and the next word in the last ones.
            byte[] answers = [.. answer.AsSpan(0, step.Made), .. Written(hub, "b")];
            Assert.Equal("b"u8.ToArray(), Drain(caller, answers, 1 << 16).Plain);
            Assert.Equal("both ways", Said(caller, hub, "both ") + Said(hub, caller, "ways"));
        }
        Assert.Equal(TlsState.Failed, hub.Read(Questions(caller, 100), plain, answer).State);
    }

    /// <summary>Records of either end made here or by OpenSSL, in pieces of any size, both ways, with OpenSSL's new keys in between.</summary>
    [Fact]
    public void Records_made_here_and_those_of_OpenSSL_understand_each_other() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Select(Gen.Bool, Gen.Int[1, 70_000], Gen.Int[1, 40_000], Gen.Bool).Array[1, 12]).Sample((ownHub, ownCaller, words) =>
        {
            using OpenSslEngine hub = new(ownHub ? _hub : _hubWithRecords, host: null), caller = new(ownCaller ? _caller : _callerWithRecords, "hub.test");
            Shake(hub, caller);
            foreach (var (toHub, length, piece, renews) in words)
            {
                var (from, to) = toHub ? (caller, hub) : (hub, caller);
                byte[] plain = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 11 + piece))], keys = [];
                if (renews && !(toHub ? ownCaller : ownHub))
                {
                    Assert.Equal(1, KeyUpdate(from, 0));
                    keys = Room.AsSpan(0, from.Handshake([], Room).Made).ToArray();
                }
                (byte[] read, TlsState state) = Drain(to, [.. keys, .. Written(from, plain)], piece);
                Assert.Equal(TlsState.NeedsMore, state);
                Assert.Equal(plain, read);
            }
            TlsStep end = caller.End(Room);
            Assert.Equal(TlsState.Ended, hub.Read(Room.AsSpan(0, end.Made).ToArray(), new byte[10], new byte[512]).State);
        }, iter: 200);

    private static byte[] Questions(OpenSslEngine caller, int count)
    {
        var all = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(1, KeyUpdate(caller, AsksForNewKeys));
            all.AddRange(Room.AsSpan(0, caller.Handshake([], Room).Made));
        }
        Assert.True(all.Count >= count * 20);
        return [.. all];
    }

    [Fact]
    public void Nobody_renegotiates()
    {
        var (hub, caller) = Open(Tls12);
        ClearOptions(caller.DangerousGetHandle(), NoRenegotiation);
        Assert.Equal(1, Renegotiate(caller));
        TlsStep asked = caller.Handshake([], Room);
        Assert.True(asked.Made > 0);
        byte[] question = Room.AsSpan(0, asked.Made).ToArray(), plain = new byte[100], answer = new byte[512];
        TlsStep answered = hub.Read(question, plain, answer);
        Assert.Equal(0, answered.Plain);
        // A warning of 2 bytes and no hello.
        Assert.InRange(answered.Made, 7, 60);
        Assert.Equal(21, answer[0]);
        Assert.NotEqual(TlsState.Done, caller.Handshake(answer.AsSpan(0, answered.Made), Room).State);
    }

    [Fact]
    public void A_changed_byte_is_never_read_as_anything() =>
        Gen.Select(Gen.Int[1, 40_000], Gen.Int[0, 50_000], Gen.Int[0, 7], Gen.Int[1, 20_000]).Sample((length, at, bit, piece) =>
        {
            var (hub, caller) = Open();
            using (hub)
            using (caller)
            {
                byte[] plain = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
                byte[] cipher = Written(caller, plain);
                at %= cipher.Length;
                cipher[at] ^= (byte)(1 << bit);
                (byte[] read, TlsState state) = Drain(hub, cipher, piece);
                Assert.True(read.AsSpan().SequenceEqual(plain.AsSpan(0, read.Length)));
                Assert.True(read.Length < plain.Length);
                Assert.True(read.Length <= at);
                // A length that has grown waits for the rest of its record.
                Assert.True(state is TlsState.Failed or TlsState.NeedsMore, state.ToString());
            }
        }, iter: 300);

    [Fact]
    public void What_is_cut_off_is_known_to_be_within_a_record_or_between_two() =>
        Gen.Select(Gen.Int[1, 60_000], Gen.Int[0, 70_000], Gen.Int[1, 20_000]).Sample((length, cut, piece) =>
        {
            var (hub, caller) = Open();
            using (hub)
            using (caller)
            {
                // The tickets of a TLS 1.3 server do not disturb what the hub reads.
                byte[] plain = new byte[length], cipher = Written(caller, plain);
                cut %= cipher.Length + 1;
                (byte[] read, TlsState state) = Drain(hub, cipher.AsSpan(0, cut).ToArray(), piece);
                Assert.Equal(TlsState.NeedsMore, state);
                int whole = 0, at = 0;
                for (int size; at < cut && at + (size = 5 + (cipher[at + 3] << 8 | cipher[at + 4])) <= cut; at += size) whole += size - 5 - 1 - 16;
                Assert.Equal(whole, read.Length);
                Assert.Equal(at != cut, hub.IsWithinRecord);
            }
        }, iter: 300);

    [Fact]
    public void Changed_handshakes_fail_or_come_to_nothing() =>
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 7], Gen.Bool).Sample((at, bit, toHub) =>
        {
            var (hub, caller) = New();
            using (hub)
            using (caller)
            {
                bool changed = false;
                byte[] pending = [];
                var (sender, receiver) = (caller, hub);
                TlsState one = TlsState.NeedsMore, other = TlsState.NeedsMore;
                for (int flight = 0; flight < 8; flight++)
                {
                    TlsStep step = sender.Handshake(pending, Room);
                    pending = Room.AsSpan(0, step.Made).ToArray();
                    if (receiver == hub == toHub && pending.Length > 0 && !changed)
                    {
                        pending[at % pending.Length] ^= (byte)(1 << bit);
                        changed = true;
                    }
                    (one, other) = (other, step.State);
                    if (step.State is TlsState.Failed or TlsState.Ended) return;
                    (sender, receiver) = (receiver, sender);
                }
                // Bits that TLS ignores (the version of a record) may be changed; then both ends agree, or both wait.
                Assert.True(changed);
            }
        }, iter: 500);

    /// <summary>Generated cases run on several threads.</summary>
    private static byte[] Room => _roomOfThread ??= new byte[1 << 17];

    private (OpenSslEngine Hub, OpenSslEngine Caller) New() => (new(_hub, host: null), new(_caller, "hub.test"));

    private (OpenSslEngine Hub, OpenSslEngine Caller) Open(int most = Tls13)
    {
        var (hub, caller) = New();
        Assert.Equal(1, Control(caller, MaximumVersion, most, 0));
        Shake(hub, caller);
        return (hub, caller);
    }

    private void Shake(OpenSslEngine hub, OpenSslEngine caller)
    {
        byte[] toHub = [], toCaller = [];
        for (bool done = false; !done;)
        {
            TlsStep called = caller.Handshake(toCaller, Room);
            toHub = Room.AsSpan(0, called.Made).ToArray();
            TlsStep answered = hub.Handshake(toHub, Room);
            toCaller = Room.AsSpan(0, answered.Made).ToArray();
            Assert.True(called.State is TlsState.Done or TlsState.NeedsMore && answered.State is TlsState.Done or TlsState.NeedsMore);
            done = called.State == TlsState.Done && answered.State == TlsState.Done;
        }
        // Tickets.
        if (toCaller.Length > 0) Assert.Equal(TlsState.NeedsMore, caller.Read(toCaller, new byte[1], new byte[512]).State);
    }

    private string Said(OpenSslEngine from, OpenSslEngine to, string text)
    {
        if (text.Length == 0) return "";
        byte[] plain = new byte[text.Length];
        Assert.Equal(text.Length, to.Read(Written(from, text), plain, new byte[512]).Plain);
        return System.Text.Encoding.ASCII.GetString(plain);
    }

    private byte[] Written(OpenSslEngine from, string text) => Written(from, System.Text.Encoding.ASCII.GetBytes(text));

    private byte[] Written(OpenSslEngine from, byte[] plain)
    {
        TlsStep step = from.Write(plain, Room);
        Assert.Equal((TlsState.Done, plain.Length), (step.State, step.Plain));
        Assert.True(step.Made <= plain.Length + (plain.Length / OpenSslEngine.RecordSize + 2) * OpenSslEngine.RecordOverhead);
        return Room.AsSpan(0, step.Made).ToArray();
    }

    private static (byte[] Plain, TlsState State) Drain(OpenSslEngine engine, byte[] cipher, int piece)
    {
        var all = new List<byte>();
        byte[] plain = new byte[piece], answer = new byte[512];
        TlsState state = TlsState.NeedsMore;
        for (int at = 0; at < cipher.Length;)
        {
            TlsStep step = engine.Read(cipher.AsSpan(at, Math.Min(piece, cipher.Length - at)), plain, answer);
            (at, state) = (at + step.Taken, step.State);
            all.AddRange(plain.AsSpan(0, step.Plain));
            if (state is TlsState.Failed or TlsState.Ended) return ([.. all], state);
        }
        while (state == TlsState.Done)
        {
            TlsStep step = engine.Read([], plain, answer);
            state = step.State;
            all.AddRange(plain.AsSpan(0, step.Plain));
        }
        return ([.. all], state);
    }

    private static nint Control(OpenSslEngine engine, int what, nint number, nint pointer) => Control(engine.DangerousGetHandle(), what, number, pointer);

    private static int KeyUpdate(OpenSslEngine engine, int kind) => KeyUpdate(engine.DangerousGetHandle(), kind);

    private static int Renegotiate(OpenSslEngine engine) => Renegotiate(engine.DangerousGetHandle());

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_ctrl")]
    private static partial nint Control(nint ssl, int what, nint number, nint pointer);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_clear_options")]
    private static partial ulong ClearOptions(nint ssl, ulong options);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_key_update")]
    private static partial int KeyUpdate(nint ssl, int kind);

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_renegotiate")]
    private static partial int Renegotiate(nint ssl);
}
