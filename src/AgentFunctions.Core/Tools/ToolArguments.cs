using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>The arguments of one call of a <see cref="Tool"/>. What does not fit is refused with the argument's name, its value and what is allowed.</summary>
public sealed class ToolArguments
{
    private const int ShownCharacters = 80;
    private static readonly JsonElement none = JsonElement.Parse("{}");
    private readonly string tool;
    private readonly AIFunctionArguments given;
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    internal ToolArguments(Tool tool, AIFunctionArguments arguments)
    {
        given = arguments;
        this.tool = tool.Name;
        Run = arguments.Context?.TryGetValue(typeof(ActivityContext), out var served) == true ? served as ActivityContext : null;
        var known = tool.JsonSchema.TryGetProperty("properties", out var properties) ? properties : none;
        foreach (var (name, value) in arguments)
        {
            if (!known.TryGetProperty(name, out _)) throw Wrong($"has no argument '{name}'. It takes: {string.Join(", ", known.EnumerateObject().Select(p => p.Name))}.");
            values.Add(name, value is JsonElement element ? element : JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))));
        }
    }

    /// <summary>The call of CallTool that this serves, or null where the tool was called by something else.</summary>
    public ActivityContext? Run { get; }

    /// <summary>A text, or null where it is missing.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ToolArgumentsException">It is no string.</exception>
    public string? Optional(string name) =>
        !values.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong($"got {Shown(value)} for '{name}'. Give a string, or leave it out.");

    /// <summary>An argument of any kind.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ToolArgumentsException">It is missing.</exception>
    public JsonElement Value(string name) => values.TryGetValue(name, out var value) ? value : throw Wrong($"needs the argument '{name}'. Set it.");

    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="longest">The greatest length, in characters.</param>
    /// <exception cref="ToolArgumentsException">It is missing, no string, blank or too long.</exception>
    public string Text(string name, int longest)
    {
        var value = Value(name);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"got {Shown(value)} for '{name}'. Give a string.");
        if (string.IsNullOrWhiteSpace(text)) throw Wrong($"got an empty '{name}'. Give a text of 1 to {longest} characters.");
        return text.Length <= longest ? text : throw Wrong($"got {text.Length} characters for '{name}'. Give at most {longest}.");
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="greatest">The greatest allowed.</param>
    /// <param name="missing">What it is where it is missing. Default: it must be there.</param>
    /// <exception cref="ToolArgumentsException">It is missing, no whole number or out of range.</exception>
    public int Whole(string name, int least, int greatest, int? missing = null)
    {
        if (missing is { } instead && !values.ContainsKey(name)) return instead;
        var value = Value(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= greatest
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"got {Shown(value)} for '{name}'. Give a whole number from {least} to {greatest}."));
    }

    /// <summary>Says how long the answer may be kept: see <see cref="ToolExtensions.LimitCaching"/>.</summary>
    /// <param name="limit">How long; zero or less for not at all.</param>
    public void LimitCaching(TimeSpan limit) => given.LimitCaching(limit);

    private static string Shown(JsonElement value) => value.GetRawText().Shortened(ShownCharacters);

    private ToolArgumentsException Wrong(string what) => new(tool, $"The tool '{tool}' {what}");
}
