using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Goes on with a file of the page that was cut off. The page sends the last of what is here once more, so that another file of that name is noticed.</summary>
internal static class PageCopy
{
    private const int Buffer = 256 * 1024;

    /// <summary>Copies until the file is whole and on the disk for good.</summary>
    /// <param name="body">The file from <paramref name="offset"/> on.</param>
    /// <param name="path">What is here of it, or nothing yet.</param>
    /// <param name="offset">At most what is here.</param>
    /// <param name="size">Of the whole.</param>
    /// <param name="cancellationToken">Ends it; what has come stays.</param>
    /// <exception cref="UserErrorException"><c>bad-offset</c>; <c>changed</c>, another file; <c>incomplete</c>.</exception>
    public static async Task GoOnAsync(Stream body, string path, long offset, long size, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
        if (offset > file.Length) throw new UserErrorException("bad-offset", $"{file.Length} bytes are here; it cannot go on at {offset}.");
        if (offset == 0) file.SetLength(0);
        await CompareAsync(body, file, offset, cancellationToken).ConfigureAwait(false);
        await body.CopyToAsync(file, Buffer, cancellationToken).ConfigureAwait(false);
        if (file.Length != size) throw new UserErrorException("incomplete", $"{file.Length} of {size} bytes arrived.");
        DurableFile.Flush(file.SafeFileHandle);
    }

    private static async Task CompareAsync(Stream body, FileStream file, long offset, CancellationToken cancellationToken)
    {
        file.Position = offset;
        byte[] here = new byte[Buffer], comes = new byte[Buffer];
        while (file.Position < file.Length)
        {
            int wanted = (int)Math.Min(Buffer, file.Length - file.Position);
            await file.ReadExactlyAsync(here.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            int read = await body.ReadAtLeastAsync(comes.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < wanted || !here.AsSpan(0, wanted).SequenceEqual(comes.AsSpan(0, wanted)))
                throw new UserErrorException("changed", "This is not the file that was begun; share it as a new one.");
        }
    }
}
