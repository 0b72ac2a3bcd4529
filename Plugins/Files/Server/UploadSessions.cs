namespace LanCollab.Plugins.Files;

/// <summary>
/// Who works on which upload. A new connection takes over at once, since the old one may hang on a line that is dead without knowing it:
/// the old one is closed, and never waited for.
/// </summary>
internal sealed class UploadSessions
{
    private readonly Dictionary<string, UploadSession> _current = [];
    private readonly Lock _lock = new();

    /// <summary>Makes the session the upload's only one.</summary>
    public void Enter(UploadSession session)
    {
        UploadSession? before;
        lock (_lock)
        {
            _current.TryGetValue(session.Row.Key, out before);
            _current[session.Row.Key] = session;
        }
        before?.GiveWay();
    }

    /// <summary>The session has ended; ignored when another one has taken over.</summary>
    public void Leave(UploadSession session)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current.GetValueOrDefault(session.Row.Key), session)) _current.Remove(session.Row.Key);
        }
    }

    /// <summary>Who works on it now, if anybody.</summary>
    public UploadSession? Current(string key)
    {
        lock (_lock) return _current.GetValueOrDefault(key);
    }
}
