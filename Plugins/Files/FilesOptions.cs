using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Files;

/// <summary>The section <c>Plugins:Files</c>, both halves. Sizes are bytes.</summary>
public sealed class FilesOptions
{
    /// <summary>The hub's TCP port; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5872;

    /// <summary>Hub: the largest file it takes.</summary>
    [Range(1, 1L << 50)]
    public long MaxFileBytes { get; set; } = 10L << 30;

    /// <summary>Hub: the sum of all files and of all declared sizes of open uploads.</summary>
    [Range(1, 1L << 50)]
    public long MaxStoreBytes { get; set; } = 50L << 30;

    /// <summary>Hub: the same sum for one person in one room.</summary>
    [Range(1, 1L << 50)]
    public long MaxPersonBytes { get; set; } = 20L << 30;

    /// <summary>Hub: how much of its disk stays free.</summary>
    [Range(0, 1L << 50)]
    public long MinFreeBytes { get; set; } = 1L << 30;

    /// <summary>Hub: uploads that are open at a time, over all rooms.</summary>
    [Range(1, 10_000)]
    public int MaxOpenUploads { get; set; } = 200;

    /// <summary>Hub: files on the list of one room, which goes out in one frame.</summary>
    [Range(1, 400)]
    public int MaxFilesPerRoom { get; set; } = 400;

    /// <summary>Hub: transfers one person may run at a time.</summary>
    [Range(1, 64)]
    public int MaxTransfersPerPerson { get; set; } = 8;

    /// <summary>Hub: hours after its last byte until an unfinished upload is thrown away.</summary>
    [Range(0.01, 8760)]
    public double UnfinishedHours { get; set; } = 24;

    /// <summary>Hub: days a shared file stays.</summary>
    [Range(0.001, 3650)]
    public double KeepDays { get; set; } = 7;

    /// <summary>Hub: bytes of a transfer that may be on their way unacknowledged, which is also the memory of one transfer.</summary>
    [Range(256 * 1024, 64 * 1024 * 1024)]
    public int Window { get; set; } = 4 * 1024 * 1024;

    /// <summary>Client: where files go unless a download says otherwise; an absolute path. Empty: <c>~/Downloads/LanCollab</c>.</summary>
    [RegularExpression(@"^(|/.*|[A-Za-z]:[\\/].*)$", ErrorMessage = "an absolute path, or empty")]
    public string DownloadDirectory { get; set; } = "";

    /// <summary>Client: uploads that run at a time; further ones wait.</summary>
    [Range(1, 8)]
    public int ParallelUploads { get; set; } = 3;

    /// <summary>Client: bytes per second of one upload, so that it leaves room for the meeting; 0 = as fast as it goes.</summary>
    [Range(0, 1L << 40)]
    public long UploadLimit { get; set; }

    internal TimeSpan Unfinished => TimeSpan.FromHours(UnfinishedHours);

    internal TimeSpan Keep => TimeSpan.FromDays(KeepDays);
}
