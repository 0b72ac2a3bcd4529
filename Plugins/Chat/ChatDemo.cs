using System.Composition;
using System.Text.Json;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>What the people of the demo say to each other.</summary>
[Export(typeof(IDemoPlugin)), Shared]
public sealed class ChatDemo : IDemoPlugin
{
    private static readonly (int Person, double Second, string Text)[] Script =
    [
        (0, 1.5, "Good morning, everybody! Can you all hear me?"),
        (1, 3.5, "Loud and clear. Good to see you!"),
        (2, 5, "Same here. The picture is good, too."),
        (0, 8, "Then let us look at the plan for today. I will show my screen."),
        (1, 12, "I put the file from yesterday into the list on the right, in case anybody wants it."),
        (2, 15, "Thank you, I was about to ask for it."),
        (2, 19, "Two things from my side:\n1. the measurements are done\n2. the report needs another pair of eyes"),
        (0, 24, "I can read it this afternoon."),
        (1, 28, "And none of this leaves the building. I like that."),
        (0, 33, "Any questions so far? Just type or talk."),
    ];

    /// <inheritdoc />
    public Task<DemoPart> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        DemoStep[] steps =
        [
            .. from line in Script
               where line.Person == person.Index
               select new DemoStep(TimeSpan.FromSeconds(line.Second), "chat/say", Body(line.Text)),
        ];
        return Task.FromResult(new DemoPart(DemoPart.None.Settings, steps));
    }

    private static string Body(string text) => JsonSerializer.Serialize(new Say(text), ChatWire.Messages.JsonOf(typeof(Say)));
}
