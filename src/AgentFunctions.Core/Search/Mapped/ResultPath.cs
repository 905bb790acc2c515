using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>A path into a JSON value. Pure.</summary>
internal sealed partial class ResultPath
{
    public const int Longest = 200;
    private readonly string text;
    private readonly List<Step> steps;

    private ResultPath(string text, List<Step> steps) => (this.text, this.steps) = (text, steps);

    /// <summary>Reads a path.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResultPath? path)
    {
        path = null;
        if (text is null || text.Length > Longest || !Whole().IsMatch(text)) return false;
        path = new(text, [.. Steps().Matches(text).Select(step => step.Groups["place"] is { Success: true } place ? new Step(null, int.Parse(place.Value, CultureInfo.InvariantCulture)) : new Step(step.Value.TrimStart('.'), 0))]);
        return true;
    }

    /// <summary>The value there, or null where there is none.</summary>
    public JsonElement? Find(JsonElement value)
    {
        foreach (var step in steps)
        {
            if (Unwrapped(value) is not { } here) return null;
            if (step.Name is null ? !(here.ValueKind == JsonValueKind.Array && step.Place < here.GetArrayLength()) : !(here.ValueKind == JsonValueKind.Object && here.TryGetProperty(step.Name, out _))) return null;
            value = step.Name is null ? here[step.Place] : here.GetProperty(step.Name);
        }

        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;
    }

    /// <summary>The value itself, or where it is a text the JSON in it; null where there is none in it.</summary>
    public static JsonElement? Unwrapped(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return value;
        try
        {
            return DurableJson.Parse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
        }
        catch (JsonException)
        {
            // It is a text and nothing else, so the path leads nowhere; who asked says so.
            return null;
        }
    }

    public override string ToString() => text.Length == 0 ? "(the answer itself)" : text;

    private readonly record struct Step(string? Name, int Place);

    [GeneratedRegex(@"\A(?:(?:[^.\[\]\s]+|\[[0-9]{1,6}\])(?:\.[^.\[\]\s]+|\[[0-9]{1,6}\])*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\[(?<place>[0-9]{1,6})\]|\.?[^.\[\]\s]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Steps();
}
