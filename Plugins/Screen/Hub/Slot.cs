using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>Who may present: the rules of the slot, without what follows from them. Not for two threads at a time.</summary>
internal sealed class Slot(Func<string> policy, TimeProvider time)
{
    /// <summary>How long the stage is kept for somebody who was invited, and how long one may come back to an interrupted presentation.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(60), Resumable = TimeSpan.FromSeconds(20);

    /// <summary>The most people that wait.</summary>
    public const int MaxWaiting = 200;

    private readonly List<Waiting> _waiting = [];
    private (string Id, string Name, long At)? _invited;
    private (string Id, long At)? _interrupted;

    /// <summary>Who has it.</summary>
    public Peer? Holder { get; private set; }

    /// <summary>Who would like to have it.</summary>
    public StageRequests Requests => new([.. _waiting]);

    /// <summary>Gives the slot.</summary>
    /// <exception cref="UserErrorException"><c>busy</c>, <c>reserved</c>, <c>needs-grant</c>; with the latter the request has been noted.</exception>
    public void Take(Peer peer, bool takeOver)
    {
        if (!takeOver) Check(peer);
        Holder = peer;
        _waiting.RemoveAll(waiting => waiting.Id == peer.Id);
        (_invited, _interrupted) = (null, null);
    }

    /// <summary>Frees it.</summary>
    /// <param name="interrupted">The holder's channel broke: they may come back, unless somebody else has taken it.</param>
    public void Free(bool interrupted)
    {
        _interrupted = interrupted && Holder is { } holder ? (holder.Id, time.GetTimestamp()) : null;
        Holder = null;
    }

    /// <summary>Keeps it for somebody.</summary>
    public void Invite(Peer peer)
    {
        _invited = (peer.Id, peer.Name, time.GetTimestamp());
        _waiting.RemoveAll(waiting => waiting.Id == peer.Id);
    }

    /// <summary>Notes that somebody would like to have it.</summary>
    /// <returns>False when that was known.</returns>
    /// <exception cref="UserErrorException"><c>too-many</c>.</exception>
    public bool Note(Peer peer)
    {
        if (_waiting.Exists(waiting => waiting.Id == peer.Id)) return false;
        if (_waiting.Count >= MaxWaiting) throw new UserErrorException("too-many", "Too many people wait already.");
        _waiting.Add(new Waiting(peer.Id, peer.Name));
        return true;
    }

    /// <summary>Forgets it.</summary>
    public bool Withdraw(string id) => _waiting.RemoveAll(waiting => waiting.Id == id) > 0;

    private void Check(Peer peer)
    {
        // The same person on a new channel goes on: the hub may not have noticed yet that the old one is dead.
        if (Holder is { } holder && holder.Id != peer.Id) throw new UserErrorException("busy", $"{holder.Name} is presenting; ask them to stop first.");
        if (Invitation is { } invited && invited.Id != peer.Id)
            throw new UserErrorException("reserved", $"The stage is kept for {invited.Name}; try again in a moment.") { RetryAfter = Kept - time.GetElapsedTime(invited.At) };
        if (policy() != ScreenOptions.ModeratorGrants || peer.Role >= Role.Presenter || Invitation is not null || Holder is not null || Resumes(peer)) return;
        throw new UserErrorException("needs-grant", "A moderator decides here who presents; your request has been noted.");
    }

    private (string Id, string Name, long At)? Invitation => _invited is { } invited && time.GetElapsedTime(invited.At) < Kept ? invited : null;

    private bool Resumes(Peer peer) => _interrupted is { } interrupted && interrupted.Id == peer.Id && time.GetElapsedTime(interrupted.At) < Resumable;
}
