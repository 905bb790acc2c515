using System.Text.Json;
using AgentFunctions.Core.Caching;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>A model's answer as it is kept.</summary>
internal sealed record KeptAnswer
{
    // An answer of any length flows out in events of bounded size.
    private const int PieceCharacters = 1000;

    /// <summary>The text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The tools that it wants called.</summary>
    public IReadOnlyList<KeptCall> Calls { get; init; } = [];

    /// <summary>Why it ended.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The model, by its own name.</summary>
    public string? Model { get; init; }

    /// <summary>A remark that must not be overlooked.</summary>
    public string? Notice { get; init; }

    /// <summary>Tokens sent, where the provider reported them.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens received, where the provider reported them.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>An answer, to be kept.</summary>
    public static KeptAnswer Of(ChatResponse response) => new()
    {
        Text = response.Text,
        Calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(KeptCall.Of)],
        FinishReason = response.FinishReason?.Value,
        Model = response.ModelId,
        Notice = response.AdditionalProperties?.GetValueOrDefault(ModelProperties.Notice) as string,
        InputTokens = response.Usage?.InputTokenCount,
        OutputTokens = response.Usage?.OutputTokenCount,
    };

    /// <summary>Whether it would do again: it is complete, says something, and its calls can be read.</summary>
    public static bool IsWorthKeeping(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        return (response.FinishReason == ChatFinishReason.Stop || response.FinishReason == ChatFinishReason.ToolCalls)
            && contents.TrueForAll(content => content is TextContent or TextReasoningContent or UsageContent or FunctionCallContent { Exception: null })
            && (!string.IsNullOrWhiteSpace(response.Text) || contents.Exists(content => content is FunctionCallContent));
    }

    /// <summary>The answer in one piece. It has no usage: nothing was used for it.</summary>
    /// <param name="note">Where it came from.</param>
    public ChatResponse ToResponse(CacheNote? note) => new(new ChatMessage(ChatRole.Assistant, [.. Text.Length > 0 ? [new TextContent(Text)] : (AIContent[])[], .. Calls.Select(call => call.ToContent())]))
    {
        ModelId = Model,
        FinishReason = FinishReason is { } reason ? new ChatFinishReason(reason) : null,
        AdditionalProperties = Properties(note),
    };

    /// <summary>The answer as a stream: the text in pieces, then each call; the last update has the rest.</summary>
    /// <param name="note">Where it came from.</param>
    public IEnumerable<ChatResponseUpdate> ToUpdates(CacheNote? note)
    {
        for (var start = 0; start < Text.Length;)
        {
            var end = Math.Min(start + PieceCharacters, Text.Length);
            if (end < Text.Length && char.IsHighSurrogate(Text[end - 1])) end++;
            yield return new ChatResponseUpdate(ChatRole.Assistant, Text[start..end]) { ModelId = Model };
            start = end;
        }

        foreach (var call in Calls) yield return new ChatResponseUpdate(ChatRole.Assistant, [call.ToContent()]) { ModelId = Model };
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { ModelId = Model, FinishReason = FinishReason is { } reason ? new ChatFinishReason(reason) : null, AdditionalProperties = Properties(note) };
    }

    private AdditionalPropertiesDictionary? Properties(CacheNote? note)
    {
        var properties = new AdditionalPropertiesDictionary();
        if (Notice is not null) properties[ModelProperties.Notice] = Notice;
        if (note is not null) properties[ModelProperties.CacheNote] = note;
        return properties.Count > 0 ? properties : null;
    }
}

/// <summary>A call of a tool that an answer asks for.</summary>
/// <param name="Id">The model's name for the call; empty where it gave none.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">Its arguments, a JSON object. Null where they can't be read.</param>
/// <param name="Malformed">What the model wrote where that is no JSON object.</param>
internal sealed record KeptCall(string Id, string Tool, JsonElement? Arguments, string? Malformed = null)
{
    public static KeptCall Of(FunctionCallContent call) => call.Exception is { } error
        ? new(call.CallId ?? "", call.Name, Arguments: null, call.RawRepresentation as string ?? error.Message)
        : new(call.CallId ?? "", call.Name, JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))));

    public FunctionCallContent ToContent() => Malformed is { } text
        ? new(Id, Tool) { Exception = new JsonException("The arguments are no JSON object."), RawRepresentation = text }
        : new(Id, Tool, Arguments is { ValueKind: JsonValueKind.Object } arguments ? arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value, StringComparer.Ordinal) : []);
}
