using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// What a simulated model says in a conversation: its n-th turn after the user's last message. After the last turn of the script it answers as
/// without one. A script is given as an option, as a file, or by the conversation itself: a system or user message that is
/// <see cref="Directive"/> and the script's JSON.
/// </summary>
/// <param name="Turns">The turns, in order.</param>
public sealed record ProviderScript(IReadOnlyList<ScriptedTurn> Turns)
{
    /// <summary>How a message begins that is a script.</summary>
    public const string Directive = "simulate:";

    private const string Form = """Write {"turns":[{"text":"…","toolCalls":[{"tool":"…","arguments":{}}]}]}.""";

    /// <summary>Reads a script: <c>{"turns":[{"text":"…","toolCalls":[{"tool":"…","arguments":{…}}]}]}</c>.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ProviderScript Parse(string json)
    {
        try
        {
            var script = JsonSerializer.Deserialize(json, ProviderScriptJsonContext.Default.ProviderScript);
            return script is { Turns.Count: > 0 } && script.Turns.All(turn => turn is not null && (turn.ToolCalls ?? []).All(call => call is { Tool.Length: > 0 }))
                ? script
                : throw new FormatException($"A script has no turns, or a call has no tool. {Form}");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"A script can't be read: {exception.Message} {Form}", exception);
        }
    }
}

/// <summary>One answer of a scripted model: a text, tool calls, or both; the text comes first.</summary>
/// <param name="Text">What it says. Default: nothing.</param>
/// <param name="ToolCalls">The tools it calls, in order. Default: none.</param>
public sealed record ScriptedTurn(string? Text = null, IReadOnlyList<ScriptedCall>? ToolCalls = null);

/// <summary>A tool call of a scripted model.</summary>
/// <param name="Tool">The tool's name; it need not be one of the request's, as models invent some.</param>
/// <param name="Arguments">The arguments: an object; a string is sent as it is, so that malformed arguments can be tried. Default: an empty object.</param>
/// <param name="Id">The call's ID. Default: one that comes from the turn and the call's place in it.</param>
public sealed record ScriptedCall(string Tool, JsonElement? Arguments = null, string? Id = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ProviderScript))]
internal sealed partial class ProviderScriptJsonContext : JsonSerializerContext;
