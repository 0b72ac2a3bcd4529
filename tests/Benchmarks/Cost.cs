namespace LanCollab.Benchmarks;

/// <summary>What a piece of work took.</summary>
/// <param name="Cpu">Processor time of the whole process, user and system.</param>
/// <param name="Allocated">Bytes allocated on the calling thread.</param>
internal readonly record struct Cost(TimeSpan Cpu, long Allocated)
{
    /// <summary>All since the start; two of them on one thread make a difference.</summary>
    public static Cost Now => new(Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());

    public static Cost operator -(Cost to, Cost from) => new(to.Cpu - from.Cpu, to.Allocated - from.Allocated);

    public static Cost operator +(Cost one, Cost other) => new(one.Cpu + other.Cpu, one.Allocated + other.Allocated);

    /// <summary>Processor time in µs, divided.</summary>
    public double MicrosecondsPer(double count) => Cpu.TotalMicroseconds / count;
}
