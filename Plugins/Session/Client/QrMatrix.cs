using System.Collections;
using QRCoder;

namespace LanCollab.Plugins.Session;

/// <summary>A text as a QR code (ISO/IEC 18004), for the page to draw.</summary>
internal static class QrMatrix
{
    private const int QuietZone = 4;

    /// <summary>Rows of modules, <c>1</c> is dark, without the quiet zone; error correction level M (15 %).</summary>
    /// <param name="text">At most 2331 bytes of UTF-8.</param>
    public static IReadOnlyList<string> Of(string text)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        return [.. code.ModuleMatrix.Skip(QuietZone).Take(code.ModuleMatrix.Count - 2 * QuietZone).Select(Row)];
    }

    private static string Row(BitArray modules) =>
        string.Concat(modules.Cast<bool>().Skip(QuietZone).Take(modules.Count - 2 * QuietZone).Select(dark => dark ? '1' : '0'));
}
