using OpenCvSharp;

namespace LanCollab.Plugins.Screen;

/// <summary>Writes an area of a picture as JPEG; for what moves, and only until it stands still.</summary>
internal static class JpegWriter
{
    private const int Quality = 80;

    private static readonly ImageEncodingParam[] Parameters = [new(ImwriteFlags.JpegQuality, Quality)];

    /// <summary>Encodes an area.</summary>
    public static unsafe EncodedImage Write(Picture picture, Area at)
    {
        fixed (uint* pixels = picture.Pixels)
        {
            uint* first = pixels + (long)at.Y * picture.Grid.Width + at.X;
            using Mat area = Mat.FromPixelData(at.Height, at.Width, MatType.CV_8UC4, (nint)first, picture.Grid.Width * (long)Picture.BytesPerPixel);
            Cv2.ImEncode(".jpg", area, out byte[] bytes, Parameters);
            return new EncodedImage(bytes, at.Width, at.Height);
        }
    }
}
