using System.Buffers.Binary;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// What a display tells by itself, so that nothing needs to be looked at while nothing happens: where something was drawn (DAMAGE), that the
/// watched part has moved or closed, that the pointer has another shape (XFIXES) or has been touched (XInput 2). Each may be missing.
/// </summary>
internal sealed unsafe class XNews
{
    private const int DeltaRectangles = 1, EventSize = 192, DamagedAreaAt = 64, GenericExtensionAt = 32;
    private const int DestroyNotify = 17, ConfigureNotify = 22, GenericEvent = 35;

    private readonly XDisplay _display;
    private readonly int? _damageEvents, _cursorEvents, _input;
    private readonly nuint _damage;
    private bool _listening;

    public XNews(XDisplay display, nuint watched)
    {
        (_display, _damageEvents, _cursorEvents, _input) = (display, XExtensions.DamageEvents(display.Handle), XExtensions.FixesEvents(display.Handle), XExtensions.InputCode(display.Handle));
        if (TellsDamage) _damage = XExtensions.XDamageCreate(display.Handle, watched, DeltaRectangles);
        if (_cursorEvents is not null) XExtensions.XFixesSelectCursorInput(display.Handle, display.Root, XExtensions.CursorShape);
        _ = X11.XSelectInput(display.Handle, watched, X11.StructureNotify);
    }

    /// <summary>False where everything must be looked at, again and again.</summary>
    public bool TellsDamage => _damageEvents is not null;

    /// <summary>False where the pointer is not known at all.</summary>
    public bool TellsShape => _cursorEvents is not null;

    /// <summary>False where the pointer must be looked at, again and again.</summary>
    public bool TellsMotion => _input is not null;

    /// <summary>The watched part may be elsewhere, or have another size, or be gone; for the reader to reset.</summary>
    public bool HasMoved { get; set; } = true;

    /// <summary>The pointer may have another shape; for the reader to reset.</summary>
    public bool HasNewShape { get; set; } = true;

    /// <summary>The pointer was moved since it is listened for; for the reader to reset.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Something has been told that was not read yet.</summary>
    public bool HasMore => X11.XEventsQueued(_display.Handle, X11.QueuedAlready) > 0;

    /// <summary>Reads what the display has told, without waiting.</summary>
    /// <param name="drawn">Gets where something was drawn.</param>
    /// <param name="origin">The picture's top left in what is watched.</param>
    public void Read(TileMask drawn, (int X, int Y) origin)
    {
        byte* happened = stackalloc byte[EventSize];
        while (!_display.IsLost && X11.XPending(_display.Handle) > 0)
        {
            _ = X11.XNextEvent(_display.Handle, happened);
            int kind = *(int*)happened;
            if (kind == _damageEvents) drawn.Add(AreaOf(new ReadOnlySpan<byte>(happened + DamagedAreaAt, 8)).Moved(-origin.X, -origin.Y));
            else if (kind is >= DestroyNotify and <= ConfigureNotify) HasMoved = true;
            else if (kind == _cursorEvents) HasNewShape = true;
            else if (kind == GenericEvent && *(int*)(happened + GenericExtensionAt) == _input) IsTouched = true;
        }
    }

    /// <summary>A picture is about to be taken: what is drawn from now on is told anew.</summary>
    public void Forget()
    {
        if (TellsDamage) XExtensions.XDamageSubtract(_display.Handle, _damage, 0, 0);
    }

    /// <summary>Has the pointer's next motion told, or no more: a mouse that moves tells a thousand times a second, which nobody wants to hear.</summary>
    public void ListenForMotion(bool listen)
    {
        if (listen == _listening || !TellsMotion) return;
        XExtensions.SelectMotion(_display.Handle, _display.Root, listen);
        _ = X11.XFlush(_display.Handle);
        _listening = listen;
    }

    private static Area AreaOf(ReadOnlySpan<byte> rectangle) =>
        new(BinaryPrimitives.ReadInt16LittleEndian(rectangle), BinaryPrimitives.ReadInt16LittleEndian(rectangle[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(rectangle[4..]), BinaryPrimitives.ReadUInt16LittleEndian(rectangle[6..]));
}
