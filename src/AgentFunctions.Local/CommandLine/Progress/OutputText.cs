using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>A run's live output as text: what a model says, and a line for each turn, each tool call and what is missing.</summary>
internal static class OutputText
{
    private const int LongestArguments = 100;

    /// <summary>The text of a page.</summary>
    public static string Of(RunOutputPage page)
    {
        var text = new StringBuilder(page.Gap is null ? "" : "\n… (some output is missing)\n");
        foreach (var entry in page.Entries)
        {
            using var data = JsonDocument.Parse(entry.Data);
            text.Append(entry.Kind switch
            {
                RunOutputKinds.Token => Property(data.RootElement, "text"),
                RunOutputKinds.Turn => $"\n[turn {Property(data.RootElement, "turn")}] ",
                RunOutputKinds.ToolCall when data.RootElement.TryGetProperty("call", out var call) => $"\n→ {Property(call, "tool")} {Shortened(Property(call, "arguments"))}\n",
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string Shortened(string text) => text.Length <= LongestArguments ? text : $"{text[..LongestArguments]}…";

    private static string Property(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value.ToString() : "";
}
