namespace LanCollab.Tests.Plugins.Files;

/// <summary>A fixed list of names that have broken other programs: paths, drives, streams, devices, what cannot be seen, and what some file system does not take.</summary>
public static class HostileNames
{
    private static readonly string[] Devices =
    [
        "CON", "PRN", "AUX", "NUL", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT0", "LPT1", "LPT2", "LPT9",
        "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³", "CONIN$", "CONOUT$", "CLOCK$",
    ];

    private static readonly string[] Paths =
    [
        "..", ".", "...", "....", "../x", "../../x", "..\\x", "..\\..\\x", "/x", "//x", "///x", "\\x", "\\\\x", "/etc/passwd", "/etc/cron.d/x", "~/.ssh/authorized_keys",
        "a/../../x", "a\\..\\..\\x", "./x", ".\\x", "x/", "x\\", "x/.", "x/..", "a//b", "a\\\\b", "a/b\\c", "..//..//x", "....//x", "..;/x", "%2e%2e/x", "%2e%2e%2fx", "..%5cx", "..%c0%afx",
        "C:", "C:\\", "C:/", "C:x", "c:\\x", "Z:\\x", "C:..\\x", "\\\\?\\C:\\x", "\\\\.\\C:", "\\\\.\\PhysicalDrive0", "\\\\server\\share", "\\\\server\\share\\x", "//server/share/x", "\\??\\C:\\x",
        "file:///x", "http://x/y", "smb://x/y", "/dev/null", "/dev/sda", "/proc/self/mem", "\\Device\\Null", "/var/run/x.sock", "..\u2215x", "..\u2044x", "..\uFF0Fx", "a\u2215..\u2215x",
    ];

    private static readonly string[] Streams =
    [
        "a:b", "a.txt:b", "a.txt::$DATA", "a::$INDEX_ALLOCATION", ":a", "a:", ":", "::", "a.txt:Zone.Identifier", "$MFT", "$Bitmap", "a:$I30:$INDEX_ALLOCATION", "a*", "a?", "a<b", "a>b", "a|b", "a\"b", "*", "?", "<>", "|", "\"", "a\u0001b", "a\u001Fb",
    ];

    private static readonly string[] Hidden =
    [
        "a\0", "\0", "a\0.txt", "a\nb", "a\rb", "a\tb", "a\u007Fb", "a\u0085b", "a\u001B[2Jb", "\u202Egpj.exe", "a\u202Egpj.exe", "a\u202Db", "a\u2066b\u2069", "a\u2067b", "a\u2068b", "a\u200Eb", "a\u200Fb", "a\u061Cb",
        "a\u200Bb", "a\u200Cb", "a\u200Db", "a\u2060b", "a\uFEFFb", "\uFEFF", "\u200B", "a\u00ADb", "a\u034Fb", "a\u115Fb", "a\u1160b", "a\u17B4b", "a\u17B5b", "a\u180Eb", "a\u2028b", "a\u2029b", "a\u2800b", "a\u3164b", "a\uFFA0b",
        "a\uFFF9b", "a\uFFFAb", "a\uFFFBb", "a\U000E0001b", "a\U000E0041b", "a\U000E007Fb", "a\u00A0", "\u00A0a", "a\u2003b", "a\u3000b", "a\u205Fb",
    ];

    private static readonly string[] Shapes =
    [
        "", " ", "  ", ". ", " .", "a.", "a..", "a. ", "a .", "a ", " a", ".a", "..a", ".htaccess", ".bashrc", ".git", ".ssh", "-rf", "--help", "-", "$(id)", "`id`", "a;b", "a&b", "a'b", "%PATH%", "!x", "#x", "desktop.ini", "Thumbs.db", "autorun.inf",
        "\uD800", "\uDC00", "a\uD83D", "\uDE00a", "\uD83D\uDE00", "e\u0301", "\u00E9", "\u1E9B\u0323", "\u212B", "\uFB01", "I\u0307", "\u0130", "\u1E9E", "a\u0300\u0301\u0302\u0303\u0304", "\uFFFE", "\uFFFF", "\uE000",
        new('a', 255), new('a', 256), new('a', 1024), new('\u00E9', 128), new('\u8A9E', 86), "\U0001F600" + new string('b', 252), new string('a', 251) + ".txt", new string('a', 300) + ".tar.gz", "a." + new string('b', 300), new('.', 300), new(' ', 300), new('/', 300), new('\u0301', 300),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Paths, .. Streams, .. Hidden, .. Shapes,
        .. Devices, .. Devices.Select(name => name.ToLowerInvariant() + ".txt"), .. Devices.Select(name => name + ".tar.gz"), .. Devices.Select(name => name + " "), .. Devices.Select(name => "x/" + name + ":"),
    ];
}
