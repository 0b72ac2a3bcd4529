using System.Globalization;
using System.Text;

namespace LanCollab.Host.Metrics;

/// <summary>
/// The text exposition format 0.0.4 of Prometheus, and the names that instruments get in it (as the OpenTelemetry specification maps them:
/// unit and <c>_total</c> behind the name).
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary><c>chat</c>, <c>lines.said</c> counted in <c>{line}</c> becomes <c>lancollab_chat_lines_said_total</c>.</summary>
    /// <param name="prefix">What comes first, without an underscore at its end.</param>
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="unit">UCUM: <c>s</c>, <c>By</c>; annotations such as <c>{line}</c> leave no trace.</param>
    /// <param name="counter">Whether it only grows.</param>
    public static string Name(string prefix, string instrument, string? unit, bool counter)
    {
        string name = Clean($"{prefix}_{instrument}");
        if (Unit(unit) is { } suffix) name = Ending(name, suffix);
        return counter ? Ending(name, "total") : name;
    }

    /// <summary><c>{service="files",result="ok"}</c>; empty for no labels.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder("{");
        foreach ((string key, object? value) in tags)
            text.Append(text.Length > 1 ? "," : "").Append(Clean(key)).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quote: true)).Append('"');
        return text.Append('}').ToString();
    }

    /// <summary>One more label at the end of others.</summary>
    public static string With(string labels, string key, string value) =>
        labels.Length == 0 ? $"{{{key}=\"{value}\"}}" : $"{labels[..^1]},{key}=\"{value}\"}}";

    public static void WriteHead(StringBuilder text, string name, string type, string? help)
    {
        if (!string.IsNullOrEmpty(help)) text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help, quote: false)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public static void WriteSample(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string? Unit(string? unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "By/s" => "bytes_per_second",
        _ => null,
    };

    private static string Ending(string name, string suffix) => name.EndsWith("_" + suffix, StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    private static string Clean(string name)
    {
        string clean = string.Create(name.Length, name, (to, from) =>
        {
            for (int i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
        return char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string Escape(string text, bool quote)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quote ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
