namespace LanCollab.Contracts;

/// <summary>One HTTP request of the page and its response; it has passed the check of key, host and origin.</summary>
public interface IHttpExchange
{
    /// <summary>The path below the mapped prefix, unescaped.</summary>
    string Rest { get; }

    /// <summary>A field of the query, or null.</summary>
    string? Query(string name);

    /// <summary>A request header, or null.</summary>
    string? Header(string name);

    /// <summary>The length of the request's body, or null when it is not told.</summary>
    long? ContentLength { get; }

    /// <summary>The request's body.</summary>
    Stream Body { get; }

    /// <summary>Sets status and headers; before anything is written.</summary>
    /// <param name="status">For example 200 or 206.</param>
    /// <param name="headers">Name and value pairs.</param>
    void Respond(int status, params ReadOnlySpan<(string Name, string Value)> headers);

    /// <summary>The response's body.</summary>
    Stream Output { get; }

    /// <summary>Answers with a message as JSON.</summary>
    Task RespondAsync(object message, CancellationToken cancellationToken);
}
