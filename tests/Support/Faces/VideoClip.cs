using System.Text.Json;
using OpenCvSharp;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Support.Faces;

/// <summary>One coded frame.</summary>
/// <param name="Bytes">As a codec made it.</param>
/// <param name="Key">Needs no other.</param>
/// <param name="Temporal">1: no other needs it.</param>
public sealed record ClipFrame(byte[] Bytes, bool Key, int Temporal);

/// <summary>Coded pictures that are sent again and again; the first one is a key frame.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Frames">One after the other.</param>
public sealed record VideoClip(int Width, int Height, IReadOnlyList<ClipFrame> Frames)
{
    /// <summary>Draws moving shapes and lets the page's own browser code them as VP8 with two temporal layers.</summary>
    private const string RecordVp8 = """
        async ([width, height, count]) => {
          const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d"), frames = [];
          const encoder = new VideoEncoder({ error: (error) => { throw error; }, output: (chunk, told) => {
            const bytes = new Uint8Array(chunk.byteLength);
            chunk.copyTo(bytes);
            frames.push({ bytes: btoa(String.fromCharCode(...bytes)), key: chunk.type === "key", temporal: told?.svc?.temporalLayerId ?? 0 });
          } });
          encoder.configure({ codec: "vp8", width, height, bitrate: width * height * 3, framerate: 30, latencyMode: "realtime", scalabilityMode: "L1T2" });
          for (let i = 0; i < count; i++) {
            const turn = 2 * Math.PI * i / count;
            context.fillStyle = `hsl(${200 + 30 * Math.sin(turn)} 40% 30%)`;
            context.fillRect(0, 0, width, height);
            for (let n = 0; n < 12; n++) {
              context.fillStyle = `hsl(${n * 30} 60% 60%)`;
              context.beginPath();
              context.arc(width * (0.5 + 0.4 * Math.sin(turn + n)), height * (0.5 + 0.4 * Math.cos(turn * (n % 3 + 1) + n)), height / 9, 0, 7);
              context.fill();
            }
            const picture = new VideoFrame(canvas, { timestamp: i * 33333 });
            encoder.encode(picture, { keyFrame: i === 0 });
            picture.close();
            if (encoder.encodeQueueSize > 2) await new Promise((resolve) => { encoder.ondequeue = resolve; });
          }
          await encoder.flush();
          encoder.close();
          return frames;
        }
        """;

    /// <summary>VP8 from a browser.</summary>
    public static async Task<VideoClip> Vp8Async(IPage page, int width, int height, int pictures)
    {
        JsonElement frames = (await page.EvaluateAsync<JsonElement>(RecordVp8, new[] { width, height, pictures }))!;
        return new VideoClip(width, height,
            [.. frames.EnumerateArray().Select(f => new ClipFrame(f.GetProperty("bytes").GetBytesFromBase64(), f.GetProperty("key").GetBoolean(), f.GetProperty("temporal").GetInt32()))]);
    }

    /// <summary>JPEG by OpenCV, as a daemon's camera sends it.</summary>
    public static VideoClip Jpeg(int width, int height, int pictures)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3);
        var frames = new List<ClipFrame>();
        for (int i = 0; i < pictures; i++)
        {
            double turn = 2 * Math.PI * i / pictures;
            picture.SetTo(new Scalar(70 + (20 * Math.Sin(turn)), 90, 110));
            for (int n = 0; n < 12; n++)
            {
                var centre = new Point(width * (0.5 + (0.4 * Math.Sin(turn + n))), height * (0.5 + (0.4 * Math.Cos((turn * ((n % 3) + 1)) + n))));
                Cv2.Circle(picture, centre, height / 9, new Scalar(40 + (17 * n), 220 - (13 * n), (60 * n) % 255), -1, LineTypes.AntiAlias);
            }
            frames.Add(new ClipFrame(picture.ImEncode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 75)), Key: true, Temporal: 0));
        }
        return new VideoClip(width, height, frames);
    }
}
