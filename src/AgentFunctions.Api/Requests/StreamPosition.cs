using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentFunctions.Api.Requests;

/// <summary>How much of a run's event stream was seen: an event's <c>id</c>, as <c>history</c>, <c>history.output</c> or <c>history.output.part</c>.</summary>
/// <param name="History">The sequence number of the last update of history that was seen in full.</param>
/// <param name="Output">The position of the last piece of output that was seen; 0 for none.</param>
/// <param name="Part">How many events of the next update of history were seen: one update can be told by two.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamPosition(long History, long Output, int Part)
{
    /// <summary>What an ID looks like, as a regular expression.</summary>
    public const string Pattern = "^[0-9]{1,19}(\\.[0-9]{1,19}(\\.[0-9])?)?$";

    public static bool TryParse(string text, [NotNullWhen(true)] out StreamPosition? position)
    {
        var parts = text.Split('.');
        position = parts.Length <= 3 && TryNumber(parts[0], out var history) && TryNumber(parts.ElementAtOrDefault(1) ?? "0", out var output) && TryNumber(parts.ElementAtOrDefault(2) ?? "0", out var part) && part < 10
            ? new StreamPosition(history, output, (int)part)
            : null;
        return position is not null;
    }

    public override string ToString() => this switch
    {
        { Part: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{History}.{Output}.{Part}"),
        { Output: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{History}.{Output}"),
        _ => History.ToString(CultureInfo.InvariantCulture),
    };

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
