using System.Globalization;
using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>
/// Generated cases against models; one that fails prints its seed. The full count is <c>LANCOLLAB_CASES=100000</c>; the default run takes fewer of those that need a disk.
/// </summary>
public sealed class ModelTests
{
    internal static int Cases(int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("LANCOLLAB_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : otherwise;

    [Fact]
    public void A_frame_is_a_block_of_a_content_exactly_when_arithmetic_says_so()
    {
        Gen<long> sizes = Gen.OneOf(Gen.Long[0, 5_000_000], Gen.Long[0, 1L << 50], Gen.Int[0, 5].Select(n => (long)n << 20));
        Gen.Select(sizes, Gen.OneOf(Gen.Int[-2, 6], Gen.Int), Gen.OneOf(Gen.Int[0, 64], Gen.Const(BlockLayout.Size), Gen.Int[1_048_570, 1_048_580])).Sample((size, block, length) =>
        {
            byte[] frame = new byte[BlockLayout.DataAt + length];
            BlockLayout.WriteHeader(frame, block);
            decimal first = (decimal)(uint)block * BlockLayout.Size;
            bool valid = first < size && length == Math.Min(BlockLayout.Size, size - first);
            try
            {
                return BlockLayout.Read(frame, size) is var (read, data) && valid && read == block && data.Length == length;
            }
            catch (ProtocolErrorException)
            {
                return !valid;
            }
        }, iter: Cases(20_000));
    }

    [Fact]
    public void Ranges_are_the_set_they_were_made_of() => Gen.Int[0, 200].HashSet[0, 60].Sample(set =>
    {
        int[][] ranges = BlockRanges.Of(set.Order());
        return BlockRanges.Blocks(ranges, 201).SequenceEqual(set.Order()) && ranges.Zip(ranges.Skip(1)).All(pair => pair.First[1] + 1 < pair.Second[0]);
    }, iter: Cases(20_000));

    [Fact]
    public void Limits_are_those_of_plain_sums()
    {
        Gen<long> bytes = Gen.OneOf(Gen.Long[0, 20], Gen.Long[0, 1L << 50]);
        Gen.Select(bytes, bytes, bytes, bytes, Gen.Long[-2, 30], bytes).Sample((file, store, person, free, size, used) =>
        {
            var options = new FilesOptions { MaxFileBytes = file, MaxStoreBytes = store, MaxPersonBytes = person, MinFreeBytes = free };
            var usage = new StoreUsage(0, 0, 0, used, used, used);
            bool fits = size >= 0 && size <= file && (decimal)used + size <= store && (decimal)used + size <= person && (decimal)used - size >= free;
            try
            {
                StoreLimits.Check(options, usage, size);
                return fits;
            }
            catch (UserErrorException)
            {
                return !fits;
            }
        }, iter: Cases(20_000));
    }

    private enum Step { Begin, Send, Resume, ResumeOthers, ResumeUnknown, Finish, Withdraw, WithdrawOthers, Discard }

    [Fact]
    public async Task The_store_does_what_a_dictionary_would()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxFilesPerRoom", "400"), ("MaxOpenUploads", "10000"), ("MaxOpenUploadsPerPerson", "10000"));
        int world = 0;
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 5]).Array[1, 14].Sample(steps =>
        {
            new World(meeting, $"room-{Interlocked.Increment(ref world)}").Run(steps);
        }, iter: Cases(300), threads: 1);
        Assert.Equal(0, meeting.StoredBytes);
    }

    /// <summary>Two people in a room of their own, and what should be there.</summary>
    private sealed class World(FilesMeeting meeting, string room)
    {
        private readonly FileStore _store = meeting.Server.Store;
        private readonly Peer _ada = new("a", "Ada", room, $"ada-{room}"), _eve = new("e", "Eve", room, $"eve-{room}");
        private readonly List<(string Token, UploadRow Row, byte[] Content, bool Sent)> _uploads = [];
        private readonly List<SharedFile> _files = [];

        public void Run((Step Step, int Choice)[] steps)
        {
            foreach (var (step, choice) in steps)
            {
                Do(step, choice);
                Assert.Equal(_files.Select(file => file.Id), _store.List(_ada).Select(file => file.Id));
            }
            while (_files.Count > 0) Do(Step.Withdraw, 0);
            while (_uploads.Count > 0) Do(Step.Discard, 0);
        }

        private void Do(Step step, int choice)
        {
            switch (step)
            {
                case Step.Begin:
                    // Few contents, so that many uploads have blocks in common.
                    byte[] content = FilesMeeting.Bytes(1 + choice);
                    (UploadRow row, string token) = _store.Begin(_ada, new CreateUpload($"{HostileNames.All[choice * 31]}", content.Length), null);
                    _uploads.Add((token, row, content, false));
                    break;
                case Step.Send when _uploads.Count > 0:
                    Send(choice % _uploads.Count);
                    break;
                case Step.Resume when _uploads.Count > 0:
                    var resumed = _uploads[choice % _uploads.Count];
                    Assert.Equal((resumed.Row, null), _store.Resume(_ada, new CreateUpload("any", resumed.Content.Length, Token: resumed.Token)));
                    Assert.Equal(resumed.Sent ? 1 : 0, _store.UploadBlocks(resumed.Row.Key).Count);
                    Assert.Equal("changed", Refused(() => _store.Resume(_ada, new CreateUpload("any", 999, Token: resumed.Token))));
                    break;
                case Step.ResumeOthers when _uploads.Count > 0:
                    var others = _uploads[choice % _uploads.Count];
                    Assert.Equal("not-yours", Refused(() => _store.Resume(_eve, new CreateUpload("any", others.Content.Length, Token: others.Token))));
                    Assert.Equal("not-yours", Refused(() => _store.KeyOf(_eve, others.Token)));
                    break;
                case Step.ResumeUnknown:
                    Assert.Equal("unknown-upload", Refused(() => _store.Resume(_ada, new CreateUpload("any", 1, Token: $"no token {choice}"))));
                    break;
                case Step.Finish when _uploads.FindIndex(upload => upload.Sent) is >= 0 and var index:
                    var done = _uploads[index];
                    BlockHash hash = BlockHash.Of(done.Content);
                    _files.Add(_store.Finish(done.Row, _ada, BlockHash.Root([hash]), hash.ToString()).File);
                    _uploads.RemoveAt(index);
                    Assert.Equal(_files[^1], _store.Resume(_ada, new CreateUpload("any", done.Content.Length, Token: done.Token)).Finished!.File);
                    break;
                case Step.Withdraw when _files.Count > 0:
                    _store.Withdraw(_ada, new WithdrawFile(_files[choice % _files.Count].Id));
                    _files.RemoveAt(choice % _files.Count);
                    break;
                case Step.WithdrawOthers when _files.Count > 0:
                    Assert.Equal("not-yours", Refused(() => _store.Withdraw(_eve, new WithdrawFile(_files[choice % _files.Count].Id))));
                    break;
                case Step.Discard when _uploads.Count > 0:
                    _store.Discard(_store.KeyOf(_ada, _uploads[choice % _uploads.Count].Token));
                    _uploads.RemoveAt(choice % _uploads.Count);
                    break;
            }
        }

        private void Send(int index)
        {
            var upload = _uploads[index];
            BlockHash hash = BlockHash.Of(upload.Content);
            BlockPlace? place = _store.Find(hash) is null ? _store.Write(upload.Content) : null;
            Assert.Empty(_store.Commit([new StoredBlock(upload.Row.Key, 0, hash, place)]));
            byte[] read = new byte[upload.Content.Length];
            _store.Read(_store.Find(hash)!.Value, read);
            Assert.Equal(upload.Content, read);
            _uploads[index] = upload with { Sent = true };
        }

        private static string Refused(Func<object> work) => Assert.Throws<UserErrorException>(work).Code;
    }
}
