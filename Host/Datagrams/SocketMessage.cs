using System.Runtime.InteropServices;

namespace LanCollab.Host.Datagrams;

/// <summary><c>struct msghdr</c> of 64-bit Linux (sendmsg(2), recvmsg(2)): an address, bytes, and a control message about them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketMessage
{
    public byte* Name;
    public uint NameLength;
    public Part* Parts;
    public nuint PartCount;
    public Control* Controls;
    public nuint ControlLength;
    public int Flags;

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Part
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct cmsghdr</c> with a value of 32 bits, or one of 16 in its lower half (little-endian machines), filled up to a multiple of 8 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    public struct Control
    {
        /// <summary>Bytes before the value: of <see cref="Length"/>, <see cref="Level"/> and <see cref="Type"/>.</summary>
        public const int HeaderBytes = 16;

        public nuint Length;
        public int Level;
        public int Type;
        public int Value;
    }
}
