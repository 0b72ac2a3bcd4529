using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Screen.ScreenMeeting;

namespace LanCollab.Tests.Plugins.Screen;

public class BoardTests
{
    [Fact]
    public async Task Lines_are_seen_by_all_and_by_who_comes_later_in_a_colour_for_each_person()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await ada.Page.RequestAsync(new Draw(1, [1, 2, 3.5, 4]));
        await ada.Page.RequestAsync(new Draw(1, [5, 6]));
        await bob.Page.RequestAsync(new Draw(1, [7, 8]));
        Drawn bobs = await ada.Page.WaitAsync<Drawn>(drawn => drawn.Name == "Bob");
        Drawn adas = await bob.Page.WaitAsync<Drawn>(drawn => drawn.Name == "Ada" && drawn.Points.Count == 4);
        Assert.NotEqual(adas.Colour, bobs.Colour);
        TestClientContext late = await meeting.JoinAsync("Late");
        Drawings all = await late.Page.WaitAsync<Drawings>(drawings => drawings.Lines.Count == 2);
        Assert.Equal([1, 2, 3.5, 4, 5, 6], all.Lines[0].Points);
        Assert.Equal(2, (await late.Page.Connect().WaitAsync<Drawings>(_ => true)).Lines.Count);
    }

    [Fact]
    public async Task Ones_own_line_is_undone_ones_own_lines_are_cleared_and_everybodys_by_the_presenter_only()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        for (int stroke = 1; stroke <= 3; stroke++)
            foreach (TestClientContext person in (TestClientContext[])[ada, bob]) await person.Page.RequestAsync(new Draw(stroke, [stroke, 2]));
        await bob.Page.RequestAsync(new UndoDrawing());
        await ada.Page.WaitAsync<Erased>(erased => erased == new Erased(bob.Seat!.Id, 3));
        await bob.Page.RequestAsync(new ClearDrawings());
        await ada.Page.WaitAsync<Erased>(erased => erased == new Erased(bob.Seat!.Id));
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new ClearDrawings(All: true)));
        Assert.Equal("not-allowed", refusal.Code);
        await ada.Page.RequestAsync(new ClearDrawings(All: true));
        await bob.Page.WaitAsync<Erased>(erased => erased == new Erased());
        TestClientContext late = await meeting.JoinAsync("Late");
        Assert.Empty((await late.Page.WaitAsync<Drawings>(_ => true)).Lines);
    }

    [Fact]
    public async Task Pointing_is_seen_by_the_others_and_kept_for_nobody()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        await SeesAsync(bob, ada);
        await bob.Page.RequestAsync(new Point(12.5, 40));
        Pointed pointed = await ada.Page.WaitAsync<Pointed>(_ => true);
        Assert.Equal(("Bob", 12.5, 40.0), (pointed.Name, pointed.X, pointed.Y));
        Assert.Empty(bob.Page.Events<Pointed>());
    }

    [Fact]
    public async Task A_listener_may_neither_point_nor_draw()
    {
        await using ScreenMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await CapturingPage.ShareAsync(ada);
        meeting.Hub.Sessions.Stand(bob.Seat!, new Standing(Role.Listener));
        Assert.Equal("not-allowed", (await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new Draw(1, [1, 2])))).Code);
        await bob.Page.RequestAsync(new Point(1, 1));
        await ada.Page.RequestAsync(new Draw(1, [1, 2]));
        await ada.Page.WaitAsync<Drawn>(_ => true);
        Assert.Empty(ada.Page.Events<Pointed>());
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { -1, 5 })]
    [InlineData(new double[] { 5, 8193 })]
    public void Points_that_are_none_are_refused(double[] points) =>
        Assert.Equal("bad-drawing", Assert.Throws<UserErrorException>(() => new Board().Add(new Drawn("id", "Ada", 0, 1, points))).Code);

    [Fact]
    public void A_board_holds_so_many_lines_of_such_a_length_and_no_more()
    {
        var board = new Board();
        double[] points = new double[Board.MaxPoints];
        for (int i = 0; i < Board.MaxLine / Board.MaxPoints; i++) Assert.True(board.Add(new Drawn("id", "Ada", 0, 0, points)));
        Assert.False(board.Add(new Drawn("id", "Ada", 0, 0, points)));
        for (int stroke = 1; stroke <= Board.MaxLines; stroke++) board.Add(new Drawn("id", "Ada", 0, stroke, [1, 2]));
        Assert.Equal(Board.MaxLines, board.All.Lines.Count);
        Assert.Equal(1, board.All.Lines[0].Stroke);
    }
}
