using System.Text.Json;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Whether and which tools a request lets the model call.</summary>
/// <param name="Kind">none, auto, required or function.</param>
/// <param name="Function">The one function, where it is that kind.</param>
internal readonly record struct ToolChoice(string Kind, string? Function)
{
    /// <summary>Reads <c>tool_choice</c>.</summary>
    /// <param name="choice">As it was sent; without it, auto where there are tools.</param>
    /// <param name="tools">The names of the request's tools.</param>
    /// <exception cref="FormatException">It is no choice, or there are no such tools.</exception>
    public static ToolChoice Read(JsonElement? choice, IReadOnlyCollection<string> tools)
    {
        if (choice is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } sent)
        {
            return new(tools.Count == 0 ? "none" : "auto", Function: null);
        }

        if (tools.Count == 0)
        {
            throw new FormatException("'tool_choice' is only allowed when 'tools' are specified.");
        }

        if (sent.ValueKind == JsonValueKind.String && sent.GetString() is "none" or "auto" or "required")
        {
            return new(sent.GetString()!, Function: null);
        }

        var name = sent.ValueKind == JsonValueKind.Object && sent.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object && function.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        return name is not null && tools.Contains(name, StringComparer.Ordinal)
            ? new("function", name)
            : throw new FormatException($"'tool_choice' is {sent.GetRawText()}. Use none, auto, required, or a function among 'tools': {string.Join(", ", tools)}.");
    }
}
