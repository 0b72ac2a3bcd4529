using CsCheck;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>
/// Random lives of five people in two rooms, against a model that is nothing but a table. A failure prints its seed; more lives than the suite
/// has time for: <c>CsCheck_Iter=100000</c> in the environment.
/// </summary>
public class RosterModelTests
{
    private const int People = RosterWorld.People;
    private static readonly string[] Names = ["Ada", "Bob", "ADA"];

    private static readonly Gen<int> Who = Gen.Int[0, People - 1];

    private static readonly Gen<Action<RosterWorld>> Steps = Gen.Frequency(
        (4, Gen.Select(Who, Gen.Int[0, 2], Gen.Int[0, 1], (who, name, room) => (Action<RosterWorld>)(w => w.Enter(who, Names[name], room)))),
        (1, Who.Select(who => (Action<RosterWorld>)(w => w.Leave(who)))),
        (3, Who.Select(who => (Action<RosterWorld>)(w => w.Beat(who)))),
        (3, Who.Select(who => (Action<RosterWorld>)(w => w.Break(who)))),
        (3, Gen.Select(Who, Gen.Int[0, 3], (who, age) => (Action<RosterWorld>)(w => w.Resume(who, Math.Max(0, age - 1))))),
        (1, Gen.Select(Who, Who, (who, whose) => (Action<RosterWorld>)(w => w.ResumeAnothers(who, whose)))),
        (1, Gen.Select(Who, Gen.Bool, (who, away) => (Action<RosterWorld>)(w => w.Away(who, away)))),
        (1, Gen.Select(Who, Gen.Bool, (who, up) => (Action<RosterWorld>)(w => w.Hand(who, up)))),
        (2, Gen.Select(Who, Who, Gen.Int[0, 3], (who, whose, role) => (Action<RosterWorld>)(w => w.Role(who, whose, (Role)role)))),
        (1, Gen.Select(Who, Who, Gen.Bool, (who, whose, muted) => (Action<RosterWorld>)(w => w.Mute(who, whose, muted)))),
        (1, Gen.Select(Who, Who, (who, whose) => (Action<RosterWorld>)(w => w.Remove(who, whose)))),
        (4, Gen.Int[1, 30].Select(ticks => (Action<RosterWorld>)(w => w.Pass(ticks)))),
        (1, Gen.Int[300, 620].Select(ticks => (Action<RosterWorld>)(w => w.Pass(ticks)))),
        (1, Gen.Int[-36_000, 36_000].Select(seconds => (Action<RosterWorld>)(w => w.Jump(seconds)))),
        (1, Gen.Const((Action<RosterWorld>)(w => w.Restart()))));

    [Fact]
    public void Whatever_people_do_the_roster_is_what_the_model_says() => Steps.Array[0, 80].Sample(steps =>
    {
        var world = new RosterWorld();
        foreach (Action<RosterWorld> step in steps)
        {
            step(world);
            world.Check();
        }
    }, iter: Environment.GetEnvironmentVariable("CsCheck_Iter") is null ? 200 : -1);
}
