using System.Buffers.Binary;
using System.Net.Sockets;

namespace LanCollab.Benchmarks.Screen;

/// <summary>A viewer of VNC that decodes (RFC 6143): ZRLE, CopyRect when wanted, raw; 32 bits a pixel.</summary>
internal sealed class RfbViewer : IContestant
{
    private const int Raw = 0, CopyRect = 1, Zrle = 16, Cursor = -239;

    private readonly TcpClient _socket;
    private readonly CountingStream _stream;
    private readonly Task _reading;
    private readonly Action<uint> _marked;
    private readonly ZrleDecoder _zrle = new();
    private uint[] _pixels = [];
    private int _width;
    private long _updates;
    private bool _disposed;

    private RfbViewer(TcpClient socket, bool copies, Action<uint> marked)
    {
        (_socket, _stream, _marked) = (socket, new CountingStream(new BufferedStream(socket.GetStream(), 64 * 1024)), marked);
        Begin(copies);
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    public long Bytes => _stream.Count;

    public long Updates => Interlocked.Read(ref _updates);

    public static async Task<RfbViewer> ConnectAsync(int port, bool copies, Action<uint> marked)
    {
        for (int tried = 0; ; tried++)
        {
            var socket = new TcpClient { NoDelay = true };
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return new RfbViewer(socket, copies, marked);
            }
            catch (SocketException) when (tried < 50)
            {
                socket.Dispose();
                await Task.Delay(200);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket.Dispose();
        await _reading;
    }

    private void Begin(bool copies)
    {
        Take(12);
        Send("RFB 003.008\n"u8);
        Take(Take(1)[0]);
        Send([1]);
        Take(4);
        Send([1]);
        byte[] init = Take(24);
        (_width, int height) = (Short(init, 0), Short(init, 2));
        _pixels = new uint[_width * height];
        Take(BinaryPrimitives.ReadInt32BigEndian(init.AsSpan(20)));
        Send([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
        int[] encodings = copies ? [CopyRect, Zrle, Raw, Cursor] : [Zrle, Raw, Cursor];
        byte[] set = new byte[4 + 4 * encodings.Length];
        (set[0], set[3]) = (2, (byte)encodings.Length);
        for (int i = 0; i < encodings.Length; i++) BinaryPrimitives.WriteInt32BigEndian(set.AsSpan(4 + 4 * i), encodings[i]);
        Send(set);
        Ask(0);
    }

    private void Ask(byte incremental)
    {
        byte[] ask = [3, incremental, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(ask.AsSpan(6), (ushort)_width);
        BinaryPrimitives.WriteUInt16BigEndian(ask.AsSpan(8), (ushort)(_pixels.Length / _width));
        Send(ask);
    }

    private void Read()
    {
        try
        {
            while (true) ReadMessage();
        }
        catch (Exception) when (_disposed)
        {
            // The end that was asked for.
        }
    }

    private void ReadMessage()
    {
        switch (Take(1)[0])
        {
            case 0:
                ReadUpdate();
                break;
            case 1:
                Take(6 * Short(Take(5), 3));
                break;
            case 3:
                Take(BinaryPrimitives.ReadInt32BigEndian(Take(7).AsSpan(3)));
                break;
        }
    }

    private void ReadUpdate()
    {
        int count = Short(Take(3), 1);
        // The next one is asked for before this one is decoded, as TigerVNC's viewer does.
        Ask(1);
        for (int i = 0; i < count; i++) ReadRectangle();
        Interlocked.Increment(ref _updates);
        _marked(_pixels[Marker.Y * _width + Marker.X]);
    }

    private void ReadRectangle()
    {
        byte[] head = Take(12);
        int x = Short(head, 0), y = Short(head, 2), width = Short(head, 4), height = Short(head, 6);
        switch (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(8)))
        {
            case Raw:
                for (int row = 0; row < height; row++) System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(Take(4 * width)).CopyTo(_pixels.AsSpan((y + row) * _width + x));
                break;
            case CopyRect:
                byte[] from = Take(4);
                Copy(Short(from, 0), Short(from, 2), x, y, width, height);
                break;
            case Zrle:
                _zrle.Decode(Take(BinaryPrimitives.ReadInt32BigEndian(Take(4))), _pixels, _width, x, y, width, height);
                break;
            case Cursor:
                Take(4 * width * height + (width + 7) / 8 * height);
                break;
        }
    }

    private void Copy(int fromX, int fromY, int x, int y, int width, int height)
    {
        for (int i = 0; i < height; i++)
        {
            int row = y > fromY ? height - 1 - i : i;
            _pixels.AsSpan((fromY + row) * _width + fromX, width).CopyTo(_pixels.AsSpan((y + row) * _width + x));
        }
    }

    private byte[] Take(int length)
    {
        byte[] bytes = new byte[length];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void Send(ReadOnlySpan<byte> bytes) => _socket.GetStream().Write(bytes);

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
}
