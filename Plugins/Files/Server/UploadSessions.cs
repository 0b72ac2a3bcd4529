namespace LanCollab.Plugins.Files;

/// <summary>
/// Who writes to which upload: one session each. A new one takes over at once, since the old one may hang on a connection that is
/// dead without knowing it.
/// </summary>
internal sealed class UploadSessions
{
    private readonly Dictionary<string, UploadSession> _current = [];
    private readonly Lock _lock = new();

    /// <summary>Makes the session the upload's only one.</summary>
    /// <returns>The one before; it is to be detached before anything is opened.</returns>
    public UploadSession? Enter(string key, UploadSession session)
    {
        lock (_lock)
        {
            _current.TryGetValue(key, out UploadSession? before);
            _current[key] = session;
            return before;
        }
    }

    /// <summary>The session has ended; ignored when another one has taken over.</summary>
    public void Leave(string key, UploadSession session)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(key, out UploadSession? current) && ReferenceEquals(current, session)) _current.Remove(key);
        }
    }

    /// <summary>Who writes to it now, if anybody.</summary>
    public UploadSession? Current(string key)
    {
        lock (_lock) return _current.GetValueOrDefault(key);
    }
}
