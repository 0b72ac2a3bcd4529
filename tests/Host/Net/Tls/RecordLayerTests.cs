using System.Security.Cryptography;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>What comes behind a handshake, word for word: a layer and, in the place of the other end, the ciphers alone.</summary>
public sealed class RecordLayerTests : IDisposable
{
    private const int Suite = 0x1301;
    private const ulong Worn = 1 << 24;

    private readonly byte[] _plain = new byte[1 << 17], _answer = new byte[512];
    private readonly RecordCipher _theirs = null!, _hears = null!;
    private readonly RecordLayer _layer = null!;

    public RecordLayerTests()
    {
        Assert.SkipUnless(OpenSslTls.IsSupported, "OpenSSL 3 is not here.");
        (_theirs, _hears) = (Cipher(1, encrypts: true), Cipher(2, encrypts: false));
        _layer = Layer();
    }

    public void Dispose()
    {
        _theirs?.Free();
        _hears?.Free();
        _layer?.Free();
    }

    [Fact]
    public void Padding_is_taken_off_and_nothing_but_padding_is_an_error()
    {
        // The type behind the content, and zeros behind that: what this program never sends.
        Assert.Equal("abc"u8.ToArray(), Read(Sealed(0, [.. "abc"u8, (byte)RecordContent.Application, 0, 0, 0])));
        Fails(Sealed(0, new byte[40]), "type 0", alert: 10);
    }

    [Fact]
    public void An_empty_record_is_nothing_and_many_of_them_are_an_attack()
    {
        Assert.Equal(TlsState.NeedsMore, _layer.Read(Sealed(23, []), _plain, _answer).State);
        Assert.Equal("a"u8.ToArray(), Read([.. Many(31, () => Sealed(23, [])), .. Sealed(23, "a"u8)]));
        Fails(Many(33, () => Sealed(23, [])), "carry nothing", alert: 10);
    }

    [Fact]
    public void A_close_notify_is_the_end_and_what_comes_behind_it_is_not_read()
    {
        byte[] all = [.. Sealed(23, "x"u8), .. Sealed(21, [1, 0]), .. Sealed(23, "y"u8)];
        TlsStep step = _layer.Read(all, _plain, _answer);
        Assert.Equal((TlsState.Done, 1), (step.State, step.Plain));
        Assert.Equal(TlsState.Ended, _layer.Read(all[step.Taken..], _plain, _answer).State);
        Assert.Equal(TlsState.Ended, _layer.Read(Sealed(23, "z"u8), _plain, _answer).State);
    }

    [Fact]
    public void An_alert_is_told_in_words_and_not_answered()
    {
        Assert.Equal(TlsState.NeedsMore, _layer.Read(Sealed(21, [1, 90]), _plain, _answer).State);
        TlsStep step = _layer.Read(Sealed(21, [2, 20]), _plain, _answer);
        Assert.Equal((TlsState.Failed, 0), (step.State, step.Made));
        Assert.Contains("bad record mac", _layer.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1503030002010a", 10)] // an alert in the clear
    [InlineData("140303000101", 10)]
    [InlineData("1703034101", 22)]
    [InlineData("1703030010", 50)]
    public void Records_that_cannot_be_are_refused_at_their_header(string record, byte alert) => Fails(Convert.FromHexString(record), "", alert);

    [Fact]
    public void Too_much_in_a_record_is_refused()
    {
        Assert.Equal(16_384, Read(Sealed(23, new byte[16_384])).Length);
        Fails(Sealed(23, new byte[16_385]), "too much", alert: 22);
    }

    [Theory]
    [InlineData(new byte[] { 4, 0, 0, 1, 9 })] // a ticket, to a server
    [InlineData(new byte[] { 1, 0, 0, 0 })] // a hello
    [InlineData(new byte[] { 24, 0, 0, 1, 0, 4 })] // new keys, and something behind them under the old ones
    [InlineData(new byte[] { 24, 0, 0, 1, 2 })]
    [InlineData(new byte[] { })]
    public void Handshakes_within_the_connection_are_refused(byte[] message) => Fails(Sealed(22, message), "", alert: null);

    [Fact]
    public void A_ticket_behind_the_first_word_changes_nothing_for_a_client()
    {
        int asked = 0;
        RecordLayer client = Layer((_) => ++asked == 1);
        Assert.Equal(TlsState.NeedsMore, client.Read(Sealed(22, [4, 0, 0, 1, 9]), _plain, _answer).State);
        Assert.Equal(TlsState.Done, client.Read(Sealed(23, "x"u8), _plain, _answer).State);
        Assert.Equal(TlsState.NeedsMore, client.Read(Sealed(22, [4, 0, 0, 1, 9]), _plain, _answer).State);
        Assert.Equal(1, asked);
        Assert.Equal(TlsState.Failed, client.Read(Sealed(22, [13, 0, 0, 1, 9]), _plain, _answer).State);
        client.Free();
    }

    [Fact]
    public void New_keys_are_taken_and_those_that_are_asked_for_are_given()
    {
        byte[] told = Sealed(22, [24, 0, 0, 1, 0]);
        _theirs.Renew();
        Assert.Equal("a"u8.ToArray(), Read([.. told, .. Sealed(23, "a"u8)]));
        byte[] asked = Sealed(22, [24, 0, 0, 1, 1]);
        _theirs.Renew();
        TlsStep step = _layer.Read([.. asked, .. Sealed(23, "b"u8)], _plain, _answer);
        Assert.Equal((TlsState.Done, 1), (step.State, step.Plain));
        Assert.Equal((RecordContent.Handshake, "1800000100"), Opened(_answer.AsSpan(0, step.Made)));
        _hears.Renew();
        Assert.Equal((RecordContent.Application, "63"), Opened(Written("c"u8)));
    }

    [Fact]
    public void Keys_that_have_made_many_records_are_replaced()
    {
        var worn = new RecordLayer(Cipher(1, encrypts: false), Cipher(2, encrypts: true, Worn), takeTicket: null);
        RecordCipher hears = Cipher(2, encrypts: false, Worn);
        byte[] cipher = new byte[200];
        TlsStep step = worn.Write("a"u8, cipher);
        byte[] content = new byte[100];
        const int keyUpdate = 5 + RecordCipher.Overhead;
        Assert.Equal(RecordContent.Handshake, hears.Open(cipher.AsSpan(0, keyUpdate), content, out int length));
        Assert.Equal([24, 0, 0, 1, 0], content[..length]);
        hears.Renew();
        Assert.Equal(RecordContent.Application, hears.Open(cipher.AsSpan(keyUpdate, step.Made - keyUpdate), content, out _));
        Assert.Equal((byte)'a', content[0]);
        // And only once.
        step = worn.Write("b"u8, cipher);
        Assert.Equal(RecordContent.Application, hears.Open(cipher.AsSpan(0, step.Made), content, out _));
        worn.Free();
        hears.Free();
    }

    [Fact]
    public void A_failed_layer_stays_failed()
    {
        Fails([23, 3, 3, 0, 40, .. new byte[40]], "mac", alert: 20);
        Assert.Equal(TlsState.Failed, _layer.Read(Sealed(23, "a"u8), _plain, _answer).State);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_record()
    {
        byte[] plain = new byte[OpenSslEngine.RecordSize * 4], room = new byte[plain.Length + 8 * OpenSslEngine.RecordOverhead];
        RecordLayer far = new(Cipher(2, encrypts: false), Cipher(1, encrypts: true), takeTicket: null);
        long before = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100) before = GC.GetAllocatedBytesForCurrentThread();
            int length = far.Write(plain, room).Made, at = 0;
            // In two pieces, so that a record is put together, too.
            foreach (int end in (ReadOnlySpan<int>)[length - 20_000, length])
                for (TlsStep step = new(TlsState.Done, 0, 0); step.State == TlsState.Done; at += step.Taken) step = _layer.Read(room.AsSpan(at, end - at), _plain, _answer);
            if (at != length) Assert.Fail($"{at} of {length} bytes were read.");
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        far.Free();
    }

    private static RecordCipher Cipher(byte seed, bool encrypts, ulong sequence = 0) => new(RecordSuite.Of(Suite)!, SHA256.HashData([seed]), encrypts, sequence);

    private static RecordLayer Layer(RecordLayer.TicketTaker? takeTicket = null) => new(Cipher(1, encrypts: false), Cipher(2, encrypts: true), takeTicket);

    private static byte[] Many(int count, Func<byte[]> one) => [.. Enumerable.Range(0, count).SelectMany(_ => one())];

    private byte[] Sealed(int type, ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[content.Length + RecordCipher.Overhead];
        _theirs.Seal((RecordContent)type, content, record);
        return record;
    }

    private byte[] Read(byte[] cipher)
    {
        TlsStep step = _layer.Read(cipher, _plain, _answer);
        Assert.Equal((TlsState.Done, cipher.Length), (step.State, step.Taken));
        return _plain[..step.Plain];
    }

    private byte[] Written(ReadOnlySpan<byte> plain)
    {
        byte[] cipher = new byte[plain.Length + RecordCipher.Overhead];
        return cipher[.._layer.Write(plain, cipher).Made];
    }

    private (RecordContent? Type, string Content) Opened(ReadOnlySpan<byte> record)
    {
        byte[] content = new byte[record.Length];
        return (_hears.Open(record, content, out int length), Convert.ToHexStringLower(content.AsSpan(0, length)));
    }

    private void Fails(byte[] cipher, string why, byte? alert)
    {
        TlsStep step = _layer.Read(cipher, _plain, _answer);
        Assert.Equal((TlsState.Failed, 0), (step.State, step.Plain));
        Assert.Contains(why, _layer.Failure, StringComparison.Ordinal);
        (RecordContent? type, string told) = Opened(_answer.AsSpan(0, step.Made));
        Assert.Equal(RecordContent.Alert, type);
        Assert.StartsWith(alert is { } number ? $"02{number:x2}" : "02", told, StringComparison.Ordinal);
    }
}
