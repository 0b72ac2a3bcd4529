using System.Globalization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Tells a terminal or a pipe how a transfer goes: on a terminal one line with a bar that is drawn over itself, in a pipe a line for each tenth and one at the end; why it
/// waits or has failed goes to the error output.
/// </summary>
internal sealed class TransferPrinter(CommandCall call, TimeProvider time, string done)
{
    private const int BarWidth = 24, NameWidth = 28, LineWidth = 79;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private string? _said;
    private long _tenths;

    /// <summary>Follows a transfer to its end.</summary>
    /// <returns>True when it is done.</returns>
    public async Task<bool> WatchAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        (_said, _tenths) = (null, 0);
        while (!transfer.Ended.IsCompleted)
        {
            await Task.WhenAny(transfer.Ended, Task.Delay(Interval, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (transfer.Progress.Latest is { } progress) Show(progress);
        }
        return Close(transfer);
    }

    /// <summary>A file that is there already.</summary>
    public void Have(string name) => call.Output.WriteLine($"have {Printable(name)}");

    private void Show(TransferProgress progress)
    {
        if (progress is { State: "waiting", Reason: { } reason } && reason != _said) Say($"{Printable(progress.Name ?? "")} waits: {_said = reason}");
        if (call.IsTerminal) call.Output.Write($"\r{Bar(progress)}");
        else Note(progress);
    }

    private void Note(TransferProgress progress)
    {
        long tenths = progress.Total == 0 ? 0 : 10 * progress.Done / progress.Total;
        if (tenths > _tenths && tenths < 10) call.Output.WriteLine($"{10 * tenths} % of {Printable(progress.Name ?? "")}");
        _tenths = tenths;
    }

    private bool Close(Transfer transfer)
    {
        if (call.IsTerminal) Clear();
        if (transfer.Progress.Latest is { State: "done", Total: var total })
        {
            call.Output.WriteLine($"{done} {Printable(transfer.Name)} {total.ToString(CultureInfo.InvariantCulture)}");
            return true;
        }
        Say($"{Printable(transfer.Name)} was not {done}: {transfer.Progress.Latest?.Reason ?? "it was given up."}");
        return false;
    }

    private void Say(string sentence)
    {
        if (call.IsTerminal) Clear();
        call.Error.WriteLine(sentence);
    }

    private void Clear() => call.Output.Write("\r" + new string(' ', LineWidth) + "\r");

    private static string Bar(TransferProgress progress)
    {
        double share = progress.Total == 0 ? 1 : progress.Done / (double)progress.Total;
        int full = (int)(share * BarWidth);
        string name = Printable(progress.Name ?? "");
        if (name.Length > NameWidth) name = name[..(NameWidth - 1)] + "…";
        string left = progress.Rate == 0 ? "" : TimeSpan.FromSeconds(Math.Min((progress.Total - progress.Done) / (double)progress.Rate, 359_999)).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
        string line = string.Create(CultureInfo.InvariantCulture, $"{name.PadRight(NameWidth)} [{new string('#', full).PadRight(BarWidth)}] {share,4:P0} {progress.Rate / 1e6,6:0.0} MB/s {left}");
        return line.Length > LineWidth ? line[..LineWidth] : line.PadRight(LineWidth);
    }

    // A name from elsewhere must not move the cursor or colour the screen.
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
