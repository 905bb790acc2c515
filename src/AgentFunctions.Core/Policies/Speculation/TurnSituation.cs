using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Speculation;

/// <summary>What a tool gave in the last turn.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments in canonical form.</param>
/// <param name="Succeeded">Whether it gave a value.</param>
/// <param name="Value">The value, where it is known here.</param>
public sealed record ToolOutcome(string Tool, string Arguments, bool Succeeded, JsonElement? Value);

/// <summary>
/// What an agent is in when its model begins to think: after which calls, with which values at hand. It has a general name (which tools, and whether they succeeded)
/// and a special one (with which arguments too).
/// </summary>
public sealed class TurnSituation
{
    /// <summary>A situation whose name is longer than this is not learned: 200 characters.</summary>
    public const int LongestName = 200;

    private const int LongestText = 500;
    private const int MostValues = 64;
    private const int Deepest = 6;
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private TurnSituation(string general, string special) => (General, Special) = (general, special);

    /// <summary>The general name.</summary>
    public string General { get; }

    /// <summary>The special name; the general one where there is nothing more to say.</summary>
    public string Special { get; }

    /// <summary>The values at hand as JSON, by where they are: <c>task</c>, or a JSON pointer (RFC 6901) after the place of the call: <c>0/hits/0/file</c>.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The start of a run.</summary>
    /// <param name="task">The task, where it is known here.</param>
    public static TurnSituation Start(string? task)
    {
        var situation = new TurnSituation("start", "start");
        if (task is { Length: > 0 and <= LongestText }) situation.values["task"] = JsonSerializer.Serialize(task, DurableJsonContext.Default.String);
        return situation;
    }

    /// <summary>After a turn's calls.</summary>
    /// <param name="outcomes">What they gave, in the model's order.</param>
    public static TurnSituation After(IReadOnlyList<ToolOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var general = "after " + string.Join('+', outcomes.Select(outcome => outcome.Succeeded ? outcome.Tool : outcome.Tool + "!"));
        var arguments = ContentRef.Of(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', outcomes.Select(outcome => outcome.Arguments)))).Sha256[..16];
        var situation = new TurnSituation(general, $"{general} {arguments}");
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Value is { } value) situation.Collect(i.ToString(CultureInfo.InvariantCulture), value, 0);
        }

        return situation;
    }

    private void Collect(string path, JsonElement value, int depth)
    {
        if (values.Count == MostValues || depth > Deepest) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString() is { Length: > 0 and <= LongestText }:
            case JsonValueKind.Number:
                values[path] = Serialization.CanonicalJson.Write(value);
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) Collect($"{path}/{Escape(property.Name)}", property.Value, depth + 1);
                break;
            case JsonValueKind.Array:
                var place = 0;
                foreach (var item in value.EnumerateArray()) Collect(string.Create(CultureInfo.InvariantCulture, $"{path}/{place++}"), item, depth + 1);
                break;
            default:
                // True, false and null are found everywhere, so finding them says nothing.
                break;
        }
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
