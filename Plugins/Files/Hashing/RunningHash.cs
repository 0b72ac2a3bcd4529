using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>SHA-256 over a stream that comes in blocks, and with it of each block for little more: the second hash runs beside the first (<see cref="Sha256Pair"/>).</summary>
internal sealed class RunningHash : IDisposable
{
    private readonly IncrementalHash? _plain;
    private readonly byte[] _rest = new byte[Sha256Pair.Chunk];
    private Sha256State _state = Sha256State.Initial;
    private int _restLength;
    private long _length;

    /// <param name="paired">False: as where the processor cannot do it.</param>
    public RunningHash(bool paired = true)
    {
        if (!paired || !Sha256Pair.IsSupported) _plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>Takes a block in.</summary>
    /// <returns>The block's own hash.</returns>
    public BlockHash AppendAndHash(ReadOnlySpan<byte> block)
    {
        if (_plain is not null || _restLength > 0)
        {
            Append(block);
            return BlockHash.Of(block);
        }
        Sha256State own = Sha256State.Initial;
        int whole = block.Length / Sha256Pair.Chunk * Sha256Pair.Chunk;
        Sha256Pair.TakeIn(ref _state, block[..whole], ref own, block[..whole]);
        Keep(block[whole..], block.Length);
        return End(own, block[whole..], block.Length);
    }

    /// <summary>Takes a block in.</summary>
    public void Append(ReadOnlySpan<byte> block)
    {
        if (_plain is not null)
        {
            _plain.AppendData(block);
            return;
        }
        int length = block.Length;
        if (_restLength > 0)
        {
            int fits = Math.Min(block.Length, Sha256Pair.Chunk - _restLength);
            block[..fits].CopyTo(_rest.AsSpan(_restLength));
            _restLength += fits;
            block = block[fits..];
            if (_restLength == Sha256Pair.Chunk)
            {
                Alone(ref _state, _rest);
                _restLength = 0;
            }
        }
        int whole = block.Length / Sha256Pair.Chunk * Sha256Pair.Chunk;
        Alone(ref _state, block[..whole]);
        Keep(block[whole..], length);
    }

    /// <summary>The hash so far.</summary>
    public BlockHash Current() => _plain is null ? End(_state, _rest.AsSpan(0, _restLength), _length) : BlockHash.Read(_plain.GetCurrentHash());

    public void Dispose() => _plain?.Dispose();

    private void Keep(ReadOnlySpan<byte> rest, int length)
    {
        rest.CopyTo(_rest.AsSpan(_restLength));
        _restLength += rest.Length;
        _length += length;
    }

    private static BlockHash End(Sha256State state, ReadOnlySpan<byte> rest, long length)
    {
        Span<byte> end = stackalloc byte[2 * Sha256Pair.Chunk];
        int chunks = Sha256State.Pad(rest, length, end);
        Alone(ref state, end[..(chunks * Sha256Pair.Chunk)]);
        return state.ToHash();
    }

    private static void Alone(ref Sha256State state, ReadOnlySpan<byte> chunks)
    {
        Sha256State nobody = default;
        Sha256Pair.TakeIn(ref state, chunks, ref nobody, chunks);
    }
}
