using System.Diagnostics;
using System.Text.Json;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Files;

/// <summary>Chat's round trip at rest and while a large upload runs.</summary>
internal static class ChatBeside
{
    public static async Task RunAsync(Workload workload, Ours ours)
    {
        const int samples = 300;
        await using ClientProcess cleo = await ClientProcess.StartAsync("Cleo", Path.Combine(Path.GetTempPath(), $"cleo-{Environment.ProcessId}"));
        await cleo.JoinAsync(ours.Server.Address);
        for (int i = 0; i < samples; i++) await SayAsync(cleo);
        double idle = await P99Async(cleo, samples, () => true);
        Task put = ours.PutAsync(workload);
        double busy = await P99Async(cleo, samples, () => !put.IsCompleted);
        await put;
        await ours.ClearAsync(workload);
        Result.Print("files-chat", ("idleP99Milliseconds", idle), ("duringUploadP99Milliseconds", busy), ("ratio", busy / idle));
    }

    private static async Task<double> P99Async(ClientProcess person, int samples, Func<bool> more)
    {
        var times = new List<double>();
        while (times.Count < samples && more())
        {
            times.Add(await SayAsync(person));
            await Task.Delay(15);
        }
        return times.Count == 0 ? double.NaN : times.Order().ElementAt((int)(times.Count * 0.99) is var at && at < times.Count ? at : times.Count - 1);
    }

    private static async Task<double> SayAsync(ClientProcess person)
    {
        string text = Guid.NewGuid().ToString("n");
        long start = Stopwatch.GetTimestamp();
        await person.Bridge.RequestAsync("chat", "say", new { text });
        await person.Bridge.WaitAsync("chat", "said", e => e.TryGetProperty("text", out JsonElement said) && said.GetString() == text);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
