using System.Diagnostics;
using LanCollab.Benchmarks.Files;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Benchmarks.Tls;

/// <summary>Records of 16 KiB sealed and opened on one core, by either library: GB/s, middle of nine turns of 64 MiB each.</summary>
internal static class RecordsBenchmark
{
    private const int Turns = 9, RecordsInTurn = 4096;

    public static async Task RunAsync()
    {
        await Packages.TryAsync(MultiBufferAead.Package, MultiBufferAead.Library);
        foreach (int number in (int[])[0x1301, 0x1302, 0x1303])
        {
            RecordSuite suite = RecordSuite.Of(number)!;
            var (sealing, opening) = Measure(suite, (key, encrypts) => new OpenSslAead(suite, key, encrypts));
            Result.Print($"records {number:x}-openssl", ("sealGBPerSecond", sealing), ("openGBPerSecond", opening));
            if (!suite.IsGcm || !MultiBufferAead.IsSupported) continue;
            (sealing, opening) = Measure(suite, (key, encrypts) => new MultiBufferAead(key, encrypts));
            Result.Print($"records {number:x}-libipsec-mb", ("sealGBPerSecond", sealing), ("openGBPerSecond", opening));
        }
    }

    private static (double Seal, double Open) Measure(RecordSuite suite, Func<byte[], bool, RecordAead> create)
    {
        byte[] secret = new byte[48], content = new byte[OpenSslEngine.RecordSize], record = new byte[content.Length + RecordCipher.Overhead];
        var sealing = new List<double>();
        var opening = new List<double>();
        for (int turn = 0; turn < Turns; turn++)
        {
            // What is opened is the last one that was sealed, under another number: it takes as long, and is refused.
            var seals = new RecordCipher(suite, [.. secret], 0, (_, key) => create(key, true));
            sealing.Add(Rate(() => seals.Seal(RecordContent.Application, content, record)));
            seals.Free();
            var opens = new RecordCipher(suite, [.. secret], 0, (_, key) => create(key, false));
            opening.Add(Rate(() => opens.Open(record, content, out _)));
            opens.Free();
        }
        return (sealing.Median(), opening.Median());
    }

    private static double Rate(Action one)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < RecordsInTurn; i++) one();
        return (double)RecordsInTurn * OpenSslEngine.RecordSize / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }
}
