using System.Globalization;
using System.Text.Json;

namespace AgentFunctions.Core.Policies.Templating;

/// <summary>A path into a JSON document: names and places joined by dots, such as <c>search.hits.0.title</c>. Pure.</summary>
internal static class ValuePath
{
    private const int Longest = 500;

    /// <summary>Whether a text is a path: parts of letters, digits, <c>_</c> and <c>-</c>, joined by dots; at most 500 characters.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > Longest) return false;
        var inPart = false;
        foreach (var c in text)
        {
            if (c == '.' ? !inPart : !(char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return false;
            inPart = c != '.';
        }

        return inPart;
    }

    /// <summary>A path's first part: what the value is a part of, such as a key of the state, a step, or the item.</summary>
    public static string Root(string path) => path.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? path[..dot] : path;

    /// <summary>What follows the first part; null where nothing does.</summary>
    public static string? Rest(string path) => path.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? path[(dot + 1)..] : null;

    /// <summary>One step: a property of an object or a place in an array.</summary>
    public static bool TryStep(JsonElement from, string part, out JsonElement value)
    {
        if (from.ValueKind == JsonValueKind.Object) return from.TryGetProperty(part, out value);
        if (from.ValueKind == JsonValueKind.Array && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < from.GetArrayLength())
        {
            value = from[place];
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The value at the end of the whole way, which is the JSON itself where there is no path; null where the way ends early.</summary>
    public static JsonElement? Find(JsonElement from, string? path)
    {
        var value = from;
        for (var rest = path; rest is not null; rest = Rest(rest))
        {
            if (!TryStep(value, Root(rest), out value)) return null;
        }

        return value;
    }
}
