using LanCollab.Plugins.Chat;

namespace LanCollab.Tests.Plugins.Chat;

public sealed class RetentionTests : IDisposable
{
    private readonly StoreRig _rig = new();

    [Fact]
    public void Only_so_many_entries_of_a_room_are_kept_and_the_numbers_go_on()
    {
        _rig.Store.Append([.. Enumerable.Range(1, 1400).Select(_ => _rig.Line(text: "needle"))]);
        _rig.Put(_rig.Line(room: "OTHER"));
        _rig.Store.Search.Find(StoreRig.Room, "Ada", new Search("needle"));
        Assert.Equal(1250, Forget(keep: 150));
        HistoryOk page = _rig.Page("Ada", new History(After: 0, Limit: 200));
        Assert.Equal((1251, 1400, 150), (page.Items[0].Seq, page.Last, page.Items.Count));
        Assert.Equal(1251, _rig.Store.Search.Find(StoreRig.Room, "Ada", new Search("needle", Before: 1252)).Items[^1].Seq);
        Assert.Single(_rig.Page("Ada", room: "OTHER").Items);
    }

    [Fact]
    public void What_is_older_than_so_many_days_goes_and_the_numbers_go_on_over_a_restart()
    {
        _rig.Put(_rig.Line("old"));
        _rig.Put(_rig.React(1));
        _rig.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, Forget(keep: 1000, days: 7));
        _rig.Open();
        Assert.Equal((0, 2L), (_rig.Page("Ada").Items.Count, _rig.Page("Ada").Last));
        Assert.Equal(3, _rig.Put(_rig.Line()).Seq);
    }

    [Fact]
    public void A_line_that_is_forgotten_and_sent_again_is_still_known()
    {
        _rig.Put(_rig.Line("k1"));
        _rig.Time.Advance(TimeSpan.FromDays(8));
        Forget(keep: 1000, days: 7);
        var again = _rig.Put(_rig.Line("k1"));
        Assert.Equal((1L, true), (again.Seq, again.News is null));
        _rig.Time.Advance(ChatWire.KeyLife);
        Forget(keep: 1000, days: 7);
        Assert.Equal(2, _rig.Put(_rig.Line("k1")).Seq);
    }

    [Fact]
    public void A_change_whose_line_is_forgotten_is_passed_over()
    {
        _rig.Put(_rig.Line());
        _rig.Time.Advance(TimeSpan.FromDays(8));
        _rig.Put(_rig.React(1));
        Forget(keep: 1000, days: 7);
        HistoryOk page = _rig.Page("Ada", new History(After: 0));
        Assert.Equal((0, true, 2L, 2L), (page.Items.Count, page.Changes is null, page.Through, page.Last));
    }

    private int Forget(int keep, int? days = null) =>
        _rig.Store.Retention.Apply(keep, days is { } d ? _rig.Time.GetUtcNow().AddDays(-d) : null, _rig.Time.GetUtcNow() - ChatWire.KeyLife, TestContext.Current.CancellationToken);

    public void Dispose() => _rig.Dispose();
}
