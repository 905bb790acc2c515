using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Models.Routing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Activities;

/// <summary>Puts one streamed answer together.</summary>
/// <param name="turn">The turn it belongs to, for calls that the model gives no name.</param>
internal sealed class StreamedReply(int turn)
{
    private readonly StringBuilder text = new();
    private readonly List<ModelToolCall> calls = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private long? inputTokens;
    private long? outputTokens;
    private long cachedTokens;

    public string Text => text.ToString();

    public IReadOnlyList<ModelToolCall> Calls => calls;

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

    public string? Notice { get; private set; }

    public CacheNote? Cache { get; private set; }

    /// <summary>The properties of the update that says the answer's way and cost; it comes last, and has the last word on the cache.</summary>
    public AdditionalPropertiesDictionary? Properties { get; private set; }

    /// <summary>What the provider reported, or null where it reported nothing.</summary>
    public (long Input, long Output, long CachedInput)? Usage => inputTokens is { } input && outputTokens is { } output ? (input, output, cachedTokens) : null;

    /// <summary>Takes an update.</summary>
    /// <returns>The text and the whole calls that it brought.</returns>
    public (string Text, IReadOnlyList<ModelToolCall> Calls) Add(ChatResponseUpdate update)
    {
        Model ??= update.ModelId;
        FinishReason = update.FinishReason?.Value ?? FinishReason;
        Notice = update.AdditionalProperties?.GetValueOrDefault(ModelProperties.Notice) as string ?? Notice;
        if (RoutedModels.CostOf(update.AdditionalProperties) is not null) (Properties, Cache) = (update.AdditionalProperties, CachedModels.NoteOf(update.AdditionalProperties));
        else Cache ??= CachedModels.NoteOf(update.AdditionalProperties);
        var piece = update.Text;
        text.Append(piece);
        List<ModelToolCall> told = [];
        foreach (var content in update.Contents)
        {
            if (content is FunctionCallContent call) told.Add(Add(call));
            else if (content is UsageContent usage) Add(usage.Details);
        }

        return (piece, told);
    }

    private ModelToolCall Add(FunctionCallContent content)
    {
        // Results are matched to calls by these names, and not every server gives each call one of its own.
        var id = string.IsNullOrEmpty(content.CallId) ? string.Create(CultureInfo.InvariantCulture, $"call-{turn}-{calls.Count + 1}") : content.CallId;
        if (!ids.Add(id)) ids.Add(id = string.Create(CultureInfo.InvariantCulture, $"{id}-{calls.Count + 1}"));
        var call = content.Exception is { } error
            ? new ModelToolCall(id, content.Name, Arguments: null, content.RawRepresentation as string ?? error.Message)
            : new ModelToolCall(id, content.Name, Write(content.Arguments));
        calls.Add(call);
        return call;
    }

    private void Add(UsageDetails usage)
    {
        if (usage.InputTokenCount is { } input) inputTokens = (inputTokens ?? 0) + input;
        cachedTokens += usage.CachedInputTokenCount ?? 0;
        if (usage.OutputTokenCount is { } output) outputTokens = (outputTokens ?? 0) + output;
    }

    private static JsonElement Write(IDictionary<string, object?>? arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            {
                writer.WritePropertyName(name);
                if (value is JsonElement json) json.WriteTo(writer);
                else JsonSerializer.Serialize(writer, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object)));
            }

            writer.WriteEndObject();
        }

        return Serialization.DurableJson.Parse(buffer.WrittenMemory);
    }
}
