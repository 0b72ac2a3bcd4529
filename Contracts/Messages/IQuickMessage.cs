namespace LanCollab.Contracts;

/// <summary>
/// A message that comes so often, and that so many wait for, that the serializer's general way is felt: its type reads what is plain by itself. Whatever is not plain goes the general way, and so
/// does everything that is wrong, which is told there.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
public interface IQuickMessage<T> where T : class, IQuickMessage<T>
{
    /// <summary>Exactly what the serializer would make of it, or null: ask the serializer.</summary>
    /// <param name="body">UTF-8 JSON, or not.</param>
    static abstract T? ReadPlain(ReadOnlySpan<byte> body);
}
