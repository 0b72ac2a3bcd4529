using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>What the store holds at the moment.</summary>
/// <param name="OpenUploads">Unfinished uploads of all rooms.</param>
/// <param name="PersonUploads">Those of the uploader.</param>
/// <param name="FilesInRoom">Files on the list of the uploader's room.</param>
/// <param name="TotalBytes">All files, and the declared sizes of all uploads.</param>
/// <param name="PersonBytes">The same for the uploader.</param>
/// <param name="FreeBytes">Left on the disk when all open uploads have come in.</param>
internal readonly record struct StoreUsage(int OpenUploads, int PersonUploads, int FilesInRoom, long TotalBytes, long PersonBytes, long FreeBytes);

/// <summary>Whether one more upload may begin.</summary>
internal static class StoreLimits
{
    /// <summary>Checks a new upload.</summary>
    /// <exception cref="UserErrorException">
    /// <c>bad-size</c>, <c>too-large</c>, <c>too-many-uploads</c>, <c>too-many-files</c>, <c>store-full</c>, <c>quota</c>, <c>disk-full</c>.
    /// </exception>
    public static void Check(FilesOptions options, StoreUsage usage, long size)
    {
        if (size < 0) throw new UserErrorException("bad-size", $"A file cannot have {size} bytes.");
        if (size > options.MaxFileBytes)
            throw new UserErrorException("too-large", $"The file has {size} bytes; this server takes files of up to {options.MaxFileBytes}.");
        if (usage.OpenUploads >= options.MaxOpenUploads)
            throw new UserErrorException("too-many-uploads", $"{usage.OpenUploads} uploads are open on this server; try again when some are complete.");
        if (usage.PersonUploads >= options.MaxOpenUploadsPerPerson)
            throw new UserErrorException("too-many-uploads", $"{usage.PersonUploads} of your uploads are open; try again when some are complete.");
        if (usage.FilesInRoom >= options.MaxFilesPerRoom)
            throw new UserErrorException("too-many-files", $"This room shares {usage.FilesInRoom} files already; withdraw some first.");
        if (size > options.MaxStoreBytes - usage.TotalBytes)
            throw new UserErrorException("store-full", "The server's store for files is full; withdraw some files, or wait until old ones expire.");
        if (size > options.MaxPersonBytes - usage.PersonBytes)
            throw new UserErrorException("quota", $"You would share more than {options.MaxPersonBytes} bytes in this room; withdraw some of your files first.");
        if (size > usage.FreeBytes - options.MinFreeBytes) throw DiskFull();
    }

    /// <summary>The same sentence before and during an upload.</summary>
    public static UserErrorException DiskFull() =>
        new("disk-full", "The server's disk is full; files can be shared again when there is room.");
}
