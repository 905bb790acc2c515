using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Policies.Speculation;

/// <summary>
/// Where a call's arguments come from, as a canonical JSON object: for each argument either <c>{"is": value}</c>, the same each time, or <c>{"from": path}</c>,
/// whatever is there in the situation. Which of the two it is can't be told from one call, so each call is counted for all templates that explain it, and those that do not last fall behind.
/// </summary>
internal static class CallTemplates
{
    /// <summary>A longer template is not learned.</summary>
    public const int LongestTemplate = 200;

    private const int MostTemplates = 8;
    private const int MostPaths = 2;

    /// <summary>The templates that give these arguments in this situation; the one of constants first.</summary>
    public static IReadOnlyList<string> Explain(TurnSituation situation, JsonElement arguments)
    {
        var given = arguments.EnumerateObject().OrderBy(argument => argument.Name, StringComparer.Ordinal)
            .Select(argument => (argument.Name, Value: CanonicalJson.Write(argument.Value)))
            .Select(argument => (argument.Name, argument.Value, Paths: Paths(situation, argument.Value))).ToList();
        List<string?[]> choices = [new string?[given.Count]];
        for (var rank = 0; rank < MostPaths; rank++) choices.Add([.. given.Select(argument => argument.Paths.ElementAtOrDefault(rank) ?? argument.Paths.LastOrDefault())]);
        for (var alone = 0; alone < given.Count; alone++) choices.Add([.. given.Select((argument, i) => i == alone ? argument.Paths.FirstOrDefault() : null)]);
        return [.. choices.Select(paths => Write(given.Select((argument, i) => (argument.Name, argument.Value, paths[i]))))
            .Distinct(StringComparer.Ordinal).Where(template => template.Length <= LongestTemplate).Take(MostTemplates)];
    }

    /// <summary>The arguments that a template gives in a situation, or null where something that it takes is not there.</summary>
    public static JsonElement? Apply(TurnSituation situation, string template)
    {
        using var document = JsonDocument.Parse(template);
        var arguments = new List<string>();
        foreach (var argument in document.RootElement.EnumerateObject())
        {
            string? value;
            if (argument.Value.TryGetProperty("is", out var constant)) value = constant.GetRawText();
            else if (!situation.Values.TryGetValue(argument.Value.GetProperty("from").GetString()!, out value)) return null;
            arguments.Add($"{Text(argument.Name)}:{value}");
        }

        return JsonElement.Parse($"{{{string.Join(',', arguments)}}}");
    }

    private static string[] Paths(TurnSituation situation, string value) =>
        [.. situation.Values.Where(at => string.Equals(at.Value, value, StringComparison.Ordinal)).Select(at => at.Key).Take(MostPaths)];

    private static string Write(IEnumerable<(string Name, string Value, string? Path)> arguments) =>
        $"{{{string.Join(',', arguments.Select(argument => $"{Text(argument.Name)}:{(argument.Path is { } path ? $"{{\"from\":{Text(path)}}}" : $"{{\"is\":{argument.Value}}}")}"))}}}";

    private static string Text(string text) => JsonSerializer.Serialize(text, Durable.DurableJsonContext.Default.String);
}
