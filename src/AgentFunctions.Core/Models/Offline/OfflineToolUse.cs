using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>
/// The offline model's use of tools, by rule and not by understanding: it has an arithmetic expression of the user's message calculated and a "search for …" searched, once,
/// and then repeats what the tools gave.
/// </summary>
internal static partial class OfflineToolUse
{
    private const string Calculator = "calculate";
    private const string Searcher = "search-files";
    private const int ReadCharacters = 20_000;
    private const int ShownCharacters = 500;
    private const int ShownHits = 3;

    /// <summary>The calls that the last message asks for, where it is the user's and the tools are offered.</summary>
    public static IReadOnlyList<FunctionCallContent> Calls(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools || messages.Count == 0 || messages[^1].Role != ChatRole.User) return [];
        var text = messages[^1].Text;
        if (text.Length > ReadCharacters) text = text[..ReadCharacters];
        List<FunctionCallContent> calls = [];
        if (Offered(Calculator) && Balanced(Expression().Match(text).Value) is { Length: > 0 } expression) Add(Calculator, "expression", expression);
        if (Offered(Searcher) && Query().Match(text) is { Success: true } search) Add(Searcher, "query", search.Groups["query"].Value.Trim());
        return calls;

        bool Offered(string name) => tools.Any(tool => string.Equals(tool.Name, name, StringComparison.Ordinal));

        void Add(string tool, string argument, string value) => calls.Add(new FunctionCallContent(
            string.Create(CultureInfo.InvariantCulture, $"offline-{messages.Count}-{calls.Count + 1}"), tool, new Dictionary<string, object?>(StringComparer.Ordinal) { [argument] = JsonElement.Parse(JsonSerializer.Serialize(value, Durable.DurableJsonContext.Default.String)) }));
    }

    /// <summary>What the tools gave, where the conversation ends with that; otherwise null.</summary>
    public static string? Answer(IReadOnlyList<ChatMessage> messages)
    {
        var calls = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().GroupBy(call => call.CallId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
        var results = messages.Reverse().TakeWhile(message => message.Role == ChatRole.Tool).Reverse().SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToList();
        return results.Count == 0 ? null : string.Join('\n', results.Select(result => Tell(calls.GetValueOrDefault(result.CallId), result.Result?.ToString() ?? "nothing")));
    }

    private static string Tell(FunctionCallContent? call, string result)
    {
        if (result.StartsWith("Error: ", StringComparison.Ordinal)) return $"{call?.Name ?? "The tool"} failed: {result["Error: ".Length..]}";
        return call?.Name switch
        {
            Calculator => $"{Argument(call, "expression")} = {result}",
            Searcher => Hits(result) ?? $"No file has anything on '{Argument(call, "query")}'.",
            var name => $"{name ?? "The tool"} gave {result.Shortened(ShownCharacters)}",
        };
    }

    private static string? Hits(string json)
    {
        try
        {
            var hits = JsonElement.Parse(json).GetProperty("hits").EnumerateArray().Take(ShownHits)
                .Select(hit => $"{hit.GetProperty("file").GetString()}, line {hit.GetProperty("line")}: {hit.GetProperty("snippet").GetString()}").ToList();
            return hits.Count == 0 ? null : string.Join('\n', hits);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Another tool of this name: its answer is shown as it is.
            return json;
        }
    }

    private static string Argument(FunctionCallContent call, string name) => call.Arguments?.TryGetValue(name, out var value) == true ? value?.ToString() ?? "" : "";

    // A parenthesis of the sentence around the expression may have come along.
    private static string Balanced(string expression)
    {
        while (expression.Count(c => c == ')') > expression.Count(c => c == '(') && expression.EndsWith(')')) expression = expression[..^1];
        while (expression.Count(c => c == '(') > expression.Count(c => c == ')') && expression.StartsWith('(')) expression = expression[1..];
        return expression.Trim();
    }

    // Minus and slash need spaces around them, or every date and fraction of a page number would be an expression.
    [GeneratedRegex(@"(?<![\w.])\(*-?[0-9]+(?:\.[0-9]+)?\)*(?:(?:\s*[+*%]\s*|\s+[-/]\s+)\(*-?[0-9]+(?:\.[0-9]+)?\)*)+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\bsearch(?: the files)? for\s+[""'“]?(?<query>[^.?!,;:""”\r\n]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Query();
}
