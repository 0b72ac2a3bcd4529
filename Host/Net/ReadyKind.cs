using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>Whom a <see cref="ReadyLoop"/> is for, and how it goes on with their readers.</summary>
/// <param name="ThreadName">Of its threads.</param>
/// <param name="Threads">How many wait together, one of which always goes on waiting.</param>
/// <param name="AtOnce">How many events one of them takes at a time; who takes several hands them all to the pool.</param>
/// <param name="Calm">
/// Who has waited for so long goes on where it is woken. Bytes that follow each other sooner are handed to the pool: on the way there more of them come together, and who reads much is not in the
/// way of who works for it.
/// </param>
/// <param name="Hurries">Its threads ask the scheduler for short stretches (<see cref="TimeSlice"/>).</param>
/// <param name="LeavesSenders">
/// Whoever is sent more than the kernel takes at once is read by the runtime from then on: the runtime's epoll knows the socket then, and would be woken beside the loop by all that comes.
/// </param>
internal sealed record ReadyKind(string ThreadName, int Threads, int AtOnce, TimeSpan Calm, bool Hurries, bool LeavesSenders)
{
    /// <summary>Of <see cref="StreamReading.Prompt"/>: one reader at a time.</summary>
    public static readonly ReadyKind Prompt = new("prompt readers", Threads: 2, AtOnce: 64, TimeSpan.FromMilliseconds(1), Hurries: true, LeavesSenders: false);

    /// <summary>
    /// Of <see cref="StreamReading.Bulk"/>: as many readers as keep all cores busy while some of them wait for a disk, and each event with its own thread, at once: what it brings is worth more work than
    /// a hand-over costs.
    /// </summary>
    public static readonly ReadyKind Bulk = new("bulk readers", Threads: Environment.ProcessorCount + 3, AtOnce: 1, TimeSpan.Zero, Hurries: false, LeavesSenders: true);
}
