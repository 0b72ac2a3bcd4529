using System.Buffers.Binary;

namespace LanCollab.Plugins.Screen;

/// <summary>Which rows of a drawable have changed (DAMAGE extension): nothing needs to be looked at while nothing is drawn.</summary>
internal sealed unsafe class XDamage
{
    private const int BoundingBox = 2, EventSize = 192, AreaAt = 64;

    private readonly XDisplay _display;
    private readonly int? _events;
    private readonly nuint _damage;
    private (int Top, int Bottom) _rows;

    public XDamage(XDisplay display, nuint drawable)
    {
        (_display, _events) = (display, XExtensions.DamageEvents(display.Handle));
        if (IsKnown) _damage = XExtensions.XDamageCreate(display.Handle, drawable, BoundingBox);
    }

    /// <summary>False where every row must be looked at, again and again.</summary>
    public bool IsKnown => _events is not null;

    /// <summary>Reads what the display has told; the rows that have changed since <see cref="Take"/>, from the drawable's top.</summary>
    public (int Top, int Bottom) Look()
    {
        byte* happened = stackalloc byte[EventSize];
        while (!_display.IsLost && X11.XPending(_display.Handle) > 0)
        {
            _ = X11.XNextEvent(_display.Handle, happened);
            if (*(int*)happened == _events) Add(new ReadOnlySpan<byte>(happened + AreaAt, 8));
        }
        return _rows;
    }

    /// <summary>The rows are about to be taken: what is drawn from now on is told anew.</summary>
    public void Take()
    {
        if (IsKnown) XExtensions.XDamageSubtract(_display.Handle, _damage, 0, 0);
        _rows = default;
    }

    private void Add(ReadOnlySpan<byte> area)
    {
        int top = BinaryPrimitives.ReadInt16LittleEndian(area[2..]), height = BinaryPrimitives.ReadUInt16LittleEndian(area[6..]);
        _rows = _rows.Bottom == 0 ? (top, top + height) : (Math.Min(_rows.Top, top), Math.Max(_rows.Bottom, top + height));
    }
}
