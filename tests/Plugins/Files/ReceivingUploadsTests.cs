using LanCollab.Plugins.Files;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Files;

public class ReceivingUploadsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReceivingUploads _uploads;

    public ReceivingUploadsTests() => _uploads = new(_time) { IsOwnThread = () => true };

    [Fact]
    public void One_upload_is_worked_on_beside_its_receiver_however_many_connections_it_has_had()
    {
        for (int i = 0; i < 10; i++) Assert.False(_uploads.WorksHere("one"));
    }

    [Fact]
    public void Two_that_are_received_work_where_they_are()
    {
        Assert.False(_uploads.WorksHere("one"));
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(ReceivingUploads.Moment / 4);
            Assert.True(_uploads.WorksHere("two"));
            Assert.True(_uploads.WorksHere("two"));
            Assert.True(_uploads.WorksHere("one"));
        }
    }

    [Fact]
    public void Three_that_rest_and_one_that_is_received_are_one()
    {
        foreach (string upload in new[] { "one", "two", "three", "four" }) _uploads.WorksHere(upload);
        _time.Advance(ReceivingUploads.Moment - TimeSpan.FromTicks(1));
        Assert.True(_uploads.WorksHere("four"));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_uploads.WorksHere("four"));
        // The next one that comes is not alone, and then the first is not, either.
        Assert.True(_uploads.WorksHere("two"));
        Assert.True(_uploads.WorksHere("four"));
    }

    [Fact]
    public async Task The_pools_threads_are_left_to_connections()
    {
        var uploads = new ReceivingUploads(_time);
        await Task.Run(() => uploads.WorksHere("one"), TestContext.Current.CancellationToken);
        Assert.False(await Task.Run(() => uploads.WorksHere("two"), TestContext.Current.CancellationToken));
        bool here = false;
        var own = new Thread(() => here = uploads.WorksHere("one"));
        own.Start();
        own.Join();
        Assert.True(here);
    }
}
