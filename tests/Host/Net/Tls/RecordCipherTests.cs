using CsCheck;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>Records against the trace of RFC 8448, section 3 ("Simple 1-RTT Handshake"), and against themselves.</summary>
public sealed class RecordCipherTests
{
    private const string ClientSecret = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
    private const string ServerSecret = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";

    /// <summary>The client's 50 bytes 0, 1, 2 and so on.</summary>
    private const string ClientData =
        "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";

    /// <summary>The server's same 50 bytes, behind one record with a ticket.</summary>
    private const string ServerData =
        "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d";

    private const string ClientEnd = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3";

    public RecordCipherTests() => Assert.SkipUnless(OpenSslTls.IsSupported, "OpenSSL 3 is not here.");

    private static RecordSuite Aes => RecordSuite.Of(0x1301)!;

    [Fact]
    public void Keys_and_nonces_are_those_of_the_rfc()
    {
        byte[] server = Convert.FromHexString(ServerSecret), client = Convert.FromHexString(ClientSecret);
        Assert.Equal("9f02283b6c9c07efc26bb9f2ac92e356", Convert.ToHexStringLower(Aes.Key(server)));
        Assert.Equal("cf782b88dd83549aadf1e984", Convert.ToHexStringLower(Aes.Nonce(server)));
        Assert.Equal("17422dda596ed5d9acd890e3c63f5051", Convert.ToHexStringLower(Aes.Key(client)));
        Assert.Equal("5b78923dee08579033e523d9", Convert.ToHexStringLower(Aes.Nonce(client)));
    }

    [Fact]
    public void Records_are_made_as_in_the_rfc()
    {
        byte[] content = [.. Enumerable.Range(0, 50).Select(i => (byte)i)];
        RecordCipher client = New(ClientSecret, encrypts: true), server = New(ServerSecret, encrypts: true, sequence: 1);
        Assert.Equal(ClientData, Sealed(client, RecordContent.Application, content));
        Assert.Equal(ClientEnd, Sealed(client, RecordContent.Alert, [1, 0]));
        Assert.Equal(ServerData, Sealed(server, RecordContent.Application, content));
        client.Free();
        server.Free();
    }

    [Fact]
    public void Records_of_the_rfc_are_opened()
    {
        RecordCipher reading = New(ClientSecret, encrypts: false);
        byte[] content = new byte[50];
        Assert.Equal(RecordContent.Application, reading.Open(Convert.FromHexString(ClientData), content, out int length));
        Assert.Equal([.. Enumerable.Range(0, 50).Select(i => (byte)i)], content[..length]);
        Assert.Equal(RecordContent.Alert, reading.Open(Convert.FromHexString(ClientEnd), content, out length));
        Assert.Equal([1, 0], content[..length]);
        reading.Free();
    }

    [Fact]
    public void A_record_in_the_place_of_another_is_none()
    {
        RecordCipher reading = New(ServerSecret, encrypts: false);
        Assert.Null(reading.Open(Convert.FromHexString(ServerData), new byte[50], out _));
        reading.Free();
    }

    [Fact]
    public void What_one_end_seals_the_other_opens_in_every_suite_over_new_keys_and_no_bit_of_it_may_change() =>
        Gen.Select(Gen.Int[0x1301, 0x1303], Gen.Int[0, 16_384].Array[1, 5], Gen.Int[0, 5], Gen.Int, Gen.Int[0, 3]).Sample((number, sizes, renewed, bit, by) =>
        {
            RecordSuite suite = RecordSuite.Of(number)!;
            byte[] secret = [.. Enumerable.Range(0, suite.Next(new byte[number == 0x1302 ? 48 : 32]).Length).Select(i => (byte)(i * 3 + bit))];
            // By either library, at either end.
            RecordCipher sealing = By(by % 2 == 0, suite, secret, encrypts: true), opening = By(by / 2 == 0, suite, secret, encrypts: false);
            for (int i = 0; i < sizes.Length; i++)
            {
                if (i == renewed)
                {
                    sealing.Renew();
                    opening.Renew();
                }
                byte[] content = [.. Enumerable.Range(0, sizes[i]).Select(at => (byte)(at * 7 + i))], record = new byte[sizes[i] + RecordCipher.Overhead], got = new byte[sizes[i]];
                Assert.Equal(record.Length, sealing.Seal(RecordContent.Application, content, record));
                Assert.Equal(RecordContent.Application, opening.Open(record, got, out int length));
                Assert.Equal(sizes[i], length);
                Assert.Equal(content, got);
                if (i < sizes.Length - 1) continue;
                sealing.Seal(RecordContent.Application, content, record);
                record[(uint)bit / 8 % record.Length] ^= (byte)(1 << (bit & 7));
                Assert.Null(opening.Open(record, got, out _));
            }
            sealing.Free();
            opening.Free();
        }, iter: 400);

    [Fact]
    public void Where_the_processor_has_the_instructions_the_tests_have_the_library()
    {
        string[] needed = ["vaes", "vpclmulqdq", "avx512vl", "avx512bw", "avx512dq"];
        bool fits = OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) is { } flags && needed.All(flags.Split(' ').Contains);
        Assert.SkipUnless(fits && File.Exists("/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1"), "It is not here.");
        Assert.True(MultiBufferAead.IsSupported);
    }

    private static RecordCipher By(bool openSsl, RecordSuite suite, byte[] secret, bool encrypts) =>
        new(suite, [.. secret], 0, (of, key) => openSsl ? new OpenSslAead(of, key, encrypts) : RecordAead.Create(of, key, encrypts));

    private static RecordCipher New(string secret, bool encrypts, ulong sequence = 0) => new(Aes, Convert.FromHexString(secret), encrypts, sequence);

    private static string Sealed(RecordCipher cipher, RecordContent type, byte[] content)
    {
        byte[] record = new byte[content.Length + RecordCipher.Overhead];
        return Convert.ToHexStringLower(record.AsSpan(0, cipher.Seal(type, content, record)));
    }
}
