using LanCollab.Contracts;

namespace LanCollab.Plugins.Poll;

/// <summary>The polls of one room and the people who look at them. Not for several threads at a time.</summary>
internal sealed class PollRoom
{
    // Small enough that all of a room's polls fit into one control frame (FrameLimits.Control).
    private const int MaxPolls = 5, MaxChoices = 8, MaxQuestion = 200, MaxChoice = 80;

    private readonly List<Poll> _polls = [];
    private readonly HashSet<MessageChannel> _members = [];
    private int _lastId;

    private sealed record Poll(int Id, string From, string Question, string[] Choices)
    {
        /// <summary>By name: it stays the same when a person comes back.</summary>
        public Dictionary<string, int> Votes { get; } = new(StringComparer.Ordinal);
    }

    public bool IsEmpty => _members.Count == 0;

    public void Add(MessageChannel member)
    {
        _members.Add(member);
        Show(member);
    }

    public void Remove(MessageChannel member) => _members.Remove(member);

    public void Ask(Peer from, Ask ask)
    {
        string[] choices = [.. ask.Choices.Select(choice => Clean(choice, MaxChoice)).Distinct()];
        if (choices.Length is < 2 or > MaxChoices) throw new UserErrorException("bad-poll", $"A poll has 2 to {MaxChoices} different choices.");
        _polls.Insert(0, new Poll(++_lastId, from.Name, Clean(ask.Question, MaxQuestion), choices));
        if (_polls.Count > MaxPolls) _polls.RemoveAt(MaxPolls);
        ShowAll();
    }

    public void Vote(Peer from, Vote vote)
    {
        Poll poll = _polls.Find(p => p.Id == vote.Poll) ?? throw new UserErrorException("no-such-poll", "This poll is over.");
        if (vote.Choice < 0 || vote.Choice >= poll.Choices.Length) throw new UserErrorException("bad-choice", "This poll has no such choice.");
        poll.Votes[from.Name] = vote.Choice;
        ShowAll();
    }

    private void ShowAll()
    {
        foreach (MessageChannel member in _members) Show(member);
    }

    private void Show(MessageChannel member)
    {
        var polls = new Polls([.. _polls.Select(poll => Result(poll, member.Peer.Name))]);
        // Nobody waits for a slow reader: it is disconnected, connects again and gets everything anew.
        if (!member.TryPost(polls)) member.Channel.Close("Polls were not read fast enough.");
    }

    private static PollResult Result(Poll poll, string reader)
    {
        int[] votes = new int[poll.Choices.Length];
        foreach (int choice in poll.Votes.Values) votes[choice]++;
        return new PollResult(poll.Id, poll.From, poll.Question, poll.Choices, votes, poll.Votes.TryGetValue(reader, out int mine) ? mine : null);
    }

    private static string Clean(string text, int longest) => text.Trim() switch
    {
        { Length: > 0 } clean when clean.Length <= longest && !clean.Any(char.IsControl) => clean,
        _ => throw new UserErrorException("bad-poll", $"A question has 1 to {MaxQuestion} characters and a choice 1 to {MaxChoice}, on one line."),
    };
}
