using System.ComponentModel.DataAnnotations;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The section <c>Plugins:Files</c>, both halves. Sizes are bytes.</summary>
public sealed class FilesOptions
{
    /// <summary>The hub's TCP port; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5872;

    /// <summary>Hub: the largest file it takes.</summary>
    [Live]
    [Range(1, 1L << 50)]
    public long MaxFileBytes { get; set; } = 10L << 30;

    /// <summary>Hub: what the store holds, the same content counted once, and what open uploads have declared.</summary>
    [Live]
    [Range(1, 1L << 50)]
    public long MaxStoreBytes { get; set; } = 50L << 30;

    /// <summary>Hub: what one person may share, in all rooms together.</summary>
    [Live]
    [Range(1, 1L << 50)]
    public long MaxPersonBytes { get; set; } = 20L << 30;

    /// <summary>Hub: how much of its disk stays free.</summary>
    [Live]
    [Range(0, 1L << 50)]
    public long MinFreeBytes { get; set; } = 1L << 30;

    /// <summary>Hub: uploads that are open at a time, over all rooms.</summary>
    [Live]
    [Range(1, 10_000)]
    public int MaxOpenUploads { get; set; } = 200;

    /// <summary>Hub: the same of one person, so that nobody uses up all of them.</summary>
    [Live]
    [Range(1, 10_000)]
    public int MaxOpenUploadsPerPerson { get; set; } = 50;

    /// <summary>Hub: files on the list of one room, which goes out in one frame.</summary>
    [Live]
    [Range(1, 400)]
    public int MaxFilesPerRoom { get; set; } = 400;

    /// <summary>Hub: transfers one person may run at a time.</summary>
    [Live]
    [Range(1, 64)]
    public int MaxTransfersPerPerson { get; set; } = 8;

    /// <summary>Hub: hours after its last byte until an unfinished upload is thrown away.</summary>
    [Live]
    [Range(0.01, 8760)]
    public double UnfinishedHours { get; set; } = 24;

    /// <summary>Hub: days a shared file stays.</summary>
    [Live]
    [Range(0.001, 3650)]
    public double KeepDays { get; set; } = 7;

    /// <summary>Hub: uploaders tell the SHA-256 of every block before they send it, and not only of those that the hub may have; each costs them half a millisecond of a core.</summary>
    [Live]
    public bool HashBeforeUpload { get; set; }

    /// <summary>Client: where files go unless a download says otherwise; an absolute path. Empty: <c>~/Downloads/LanCollab</c>.</summary>
    [Live]
    [RegularExpression(@"^(|/.*|[A-Za-z]:[\\/].*)$", ErrorMessage = "an absolute path, or empty")]
    public string DownloadDirectory { get; set; } = "";

    /// <summary>Client: uploads that run at a time; further ones wait.</summary>
    [Range(1, 8)]
    public int ParallelUploads { get; set; } = 3;

    /// <summary>Client: bytes per second of one upload, so that it leaves room for the meeting; 0 = as fast as it goes.</summary>
    [Live]
    [Range(0, 1L << 40)]
    public long UploadLimit { get; set; }

    /// <summary>Both halves: clients pass blocks on to each other; the hub then sends each block a few times, however many fetch it.</summary>
    public bool Swarm { get; set; } = true;

    /// <summary>Hub: how often it sends the same block at a time while others wait to get it from those.</summary>
    [Live]
    [Range(1, 64)]
    public int SwarmSeeds { get; set; } = 2;

    /// <summary>Client: the TCP port for other clients; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int SwarmPort { get; set; }

    /// <summary>Client: how many others it serves at a time; 0 = it only takes.</summary>
    [Range(0, 256)]
    public int SwarmPeers { get; set; } = 16;

    /// <summary>Client: bytes per second to all other clients together; 0 = as fast as it goes.</summary>
    [Live]
    [Range(0, 1L << 40)]
    public long SwarmLimit { get; set; }

    /// <summary>Client: seconds after which another client that sends nothing is given up, and the hub asked.</summary>
    [Live]
    [Range(0.1, 60)]
    public double SwarmPatience { get; set; } = 5;

    internal TimeSpan Unfinished => TimeSpan.FromHours(UnfinishedHours);

    internal TimeSpan Keep => TimeSpan.FromDays(KeepDays);
}
