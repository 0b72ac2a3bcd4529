using System.Buffers.Binary;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class VideoTests
{
    private const int Pictures = 60, Fps = 15, Wanted = 45;

    /// <summary>The header of a frame on the lane (docs/PROTOCOL.md, 9): codec in the high half of 1, u32 frame at 8, JPEG from 28.</summary>
    private const int CodingAt = 1, FrameAt = 8, JpegAt = 28, CodecBits = 0xF0;

    [Fact]
    public async Task A_files_pictures_arrive_with_the_numbers_that_are_drawn_into_them()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        string video = NumberedVideo.Write(meeting.Folder["numbers.avi"], Pictures, Fps);
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        await people[0].Bridge.RequestAsync("media", "video", new { source = $"file:{video}" });
        foreach (ClientProcess viewer in people[1..])
        {
            IReadOnlyList<byte[]> frames = await viewer.Bridge.Lane("media.video").WaitCountAsync(Wanted);
            Check(frames);
        }
    }

    private static void Check(IReadOnlyList<byte[]> frames)
    {
        Assert.All(frames, frame => Assert.Equal(0, frame[CodingAt] & CodecBits));
        uint[] numbers = [.. frames.Select(frame => BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(FrameAt)))];
        Assert.Equal(numbers.Order().Distinct(), numbers);
        // On one machine nearly every packet arrives; a busy one may drop a few.
        Assert.InRange(numbers[^1] - numbers[0] + 1, (uint)numbers.Length, (uint)(numbers.Length * 1.5));
        foreach (byte[] frame in frames)
        {
            uint number = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(FrameAt));
            Assert.Equal((int)(number % Pictures), NumberedVideo.Read(frame.AsSpan(JpegAt)));
        }
    }
}
