namespace LanCollab.Benchmarks.Loads;

/// <summary>What a datagram of full length costs each side on loopback: seal and send, receive and open and hand over.</summary>
internal static class DatagramsBenchmark
{
    // A burst fits the receive buffer that Linux gives to everybody.
    private const int Runs = 5, Bursts = 200, Burst = 100;

    public static async Task RunAsync()
    {
        await using var server = new HeldServer(_ => (_, _) => { });
        using UdpClient client = server.Join(new Peer("1", "Ada", "room"));
        await RunAsync(server, client);
        var runs = new List<(Cost Sending, Cost Receiving)>();
        for (int i = 0; i < Runs; i++) runs.Add(await RunAsync(server, client));
        const int packets = Bursts * Burst;
        Result.Print("datagrams", ("packetBytes", DatagramLimits.MaxDatagram),
            ("sealSendCpuUs", runs.Select(r => r.Sending.MicrosecondsPer(packets)).Median()),
            ("openHandCpuUs", runs.Select(r => r.Receiving.MicrosecondsPer(packets)).Median()),
            ("sealSendAllocatedBytes", runs.Select(r => (double)r.Sending.Allocated / packets).Median()),
            ("openHandAllocatedBytes", runs.Select(r => (double)r.Receiving.Allocated / packets).Median()));
    }

    private static async Task<(Cost Sending, Cost Receiving)> RunAsync(HeldServer server, UdpClient client)
    {
        byte[] payload = new byte[DatagramLimits.MaxPayload];
        (Cost Sending, Cost Receiving) sum = default;
        for (int i = 0; i < Bursts; i++)
        {
            (Cost sending, Cost receiving) = await server.BurstAsync(client, payload, Burst);
            sum = (sum.Sending + sending, sum.Receiving + receiving);
        }
        return sum;
    }
}
