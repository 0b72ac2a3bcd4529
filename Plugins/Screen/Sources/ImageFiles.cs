using LanCollab.Contracts;
using OpenCvSharp;

namespace LanCollab.Plugins.Screen;

/// <summary>The pictures of a folder, sorted by name.</summary>
internal static class ImageFiles
{
    /// <summary>Larger slides are scaled down to fit: nobody's screen shows more.</summary>
    private const int MaxWidth = 3840, MaxHeight = 2160, ThumbWidth = 200;

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Their paths.</summary>
    /// <exception cref="UserErrorException"><c>no-folder</c>, <c>no-slides</c>.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException("no-folder", $"The slides folder {folder} cannot be opened: {Why(e)}.");
        }
        return files.Length > 0 ? files : throw new UserErrorException("no-slides", $"There is no PNG or JPEG picture in the folder {folder}.");
    }

    /// <summary>Decodes one.</summary>
    /// <exception cref="UserErrorException"><c>bad-slide</c>.</exception>
    /// <exception cref="MissingLibraryException">The decoder's own libraries are not installed.</exception>
    public static Picture Read(string path) => With(path, MaxWidth, MaxHeight, ToPicture);

    /// <summary>One as PNG, or as JPEG when it is a photograph that does not fit a frame.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="small">As a thumbnail.</param>
    /// <exception cref="UserErrorException"><c>bad-slide</c>.</exception>
    public static byte[] Encode(string path, bool small) => With(path, small ? ThumbWidth : MaxWidth, MaxHeight, static image =>
    {
        Cv2.ImEncode(".png", image, out byte[] bytes);
        if (bytes.Length > PageFrame.MaxImage) Cv2.ImEncode(".jpg", image, out bytes);
        return bytes;
    });

    /// <summary>Reads a picture, scaled down to a size that it must not exceed.</summary>
    private static T With<T>(string path, int width, int height, Func<Mat, T> use)
    {
        try
        {
            using Mat image = Cv2.ImRead(path, ImreadModes.Color);
            if (image.Empty()) throw Unreadable(path);
            double scale = Math.Min(1, Math.Min((double)width / image.Width, (double)height / image.Height));
            if (scale == 1) return use(image);
            using Mat fitting = image.Resize(new Size(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))), 0, 0, InterpolationFlags.Area);
            return use(fitting);
        }
        catch (OpenCVException)
        {
            throw Unreadable(path);
        }
        catch (Exception e) when (e is DllNotFoundException || e.InnerException is DllNotFoundException)
        {
            throw new MissingLibraryException("libOpenCvSharpExtern.so's own libraries", "libgtk-3-0 libharfbuzz0b");
        }
    }

    private static Picture ToPicture(Mat image)
    {
        using Mat withAlpha = image.CvtColor(ColorConversionCodes.BGR2BGRA);
        var picture = new Picture(withAlpha.Width, withAlpha.Height);
        Copy(withAlpha, picture);
        return picture;
    }

    private static unsafe void Copy(Mat from, Picture to) =>
        new ReadOnlySpan<uint>((void*)from.Data, to.Pixels.Length).CopyTo(to.Pixels);

    private static bool IsImage(string path) => !Path.GetFileName(path).StartsWith('.') && Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static string Why(Exception e) => e is DirectoryNotFoundException ? "it does not exist" : e.Message.TrimEnd('.');

    private static UserErrorException Unreadable(string path) =>
        new("bad-slide", $"The slide {Path.GetFileName(path)} cannot be read as a picture; replace or remove it.");
}
