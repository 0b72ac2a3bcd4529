using LanCollab.Host.Datagrams;

namespace LanCollab.Tests.Host.Datagrams;

/// <summary>The direct way to OpenSSL and the portable one are the same cipher.</summary>
public class DatagramCipherTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void What_one_way_seals_the_other_opens(bool sealsPortably, bool opensPortably)
    {
        using DatagramCipher seals = Create(sealsPortably), opens = Create(opensPortably);
        for (int size = 0; size <= DatagramLimits.MaxPayload; size += size < 40 ? 1 : 97)
        {
            byte[] payload = Payload(size), datagram = Seal(seals, size + 1, payload), target = new byte[DatagramLayout.MaxSize];
            Assert.True(opens.TryOpen(size + 1, datagram, target, out int length));
            Assert.Equal(payload, target[..length]);
        }
    }

    [Fact]
    public void Both_ways_write_the_same_bytes()
    {
        using DatagramCipher direct = Create(portable: false), portable = Create(portable: true);
        foreach (int size in (int[])[0, 1, 15, 16, 17, 1000, DatagramLimits.MaxPayload]) Assert.Equal(Seal(portable, size, Payload(size)), Seal(direct, size, Payload(size)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_not_authentic_is_refused_wiped_out_and_harms_nothing_that_follows(bool portable)
    {
        using DatagramCipher seals = Create(portable), opens = Create(portable);
        byte[] datagram = Seal(seals, 5, Payload(100)), target = new byte[DatagramLayout.MaxSize];
        for (int at = 0; at < datagram.Length; at++)
        {
            byte[] forged = [.. datagram];
            forged[at] ^= 0x10;
            Array.Fill(target, (byte)0xEE);
            Assert.False(opens.TryOpen(5, forged, target, out _));
            Assert.All(target[..100], b => Assert.Equal(0, b));
            Assert.True(opens.TryOpen(5, datagram, target, out _));
        }
        Assert.False(opens.TryOpen(6, datagram, target, out _));
    }

    [Fact]
    public void One_cipher_seals_and_opens_by_turns()
    {
        using DatagramCipher cipher = Create(portable: false);
        byte[] target = new byte[DatagramLayout.MaxSize];
        for (int number = 1; number < 10; number++)
        {
            byte[] datagram = Seal(cipher, number, Payload(number * 100));
            Assert.True(cipher.TryOpen(number, datagram, target, out int length));
            Assert.Equal(Payload(number * 100), target[..length]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_its_disposal_it_does_nothing(bool portable)
    {
        DatagramCipher cipher = Create(portable);
        cipher.Dispose();
        cipher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Seal(cipher, 1, [1]));
    }

    [Fact]
    public void On_Linux_with_OpenSSL_3_the_direct_way_is_taken() =>
        Assert.Equal(OperatingSystem.IsLinux() && File.Exists("/usr/lib/x86_64-linux-gnu/libcrypto.so.3"), OpenSslGcm.IsSupported);

    private static DatagramCipher Create(bool portable) => new(Secret, "video", toServer: true, portable);

    private static byte[] Payload(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 13))];

    private static byte[] Seal(DatagramCipher cipher, long number, byte[] payload)
    {
        byte[] datagram = new byte[DatagramLayout.MaxSize];
        DatagramLayout.WriteHeader(datagram, DatagramLayout.Data, 7, number);
        return datagram[..cipher.Seal(number, payload, datagram)];
    }
}
