using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>
/// All that a model's answer depends on, as JSON, and nothing that differs from run to run: calls of tools are numbered in their order, whatever IDs the model gave them,
/// and tools are sorted. A prompt with something that is not known here, such as a hosted tool, has no such form and is not cached: right first. Pure.
/// </summary>
internal static class CanonicalPrompt
{
    private const string OwnProperties = "agentfunctions.";

    /// <summary>The form, or null where there is none.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="sample">Which sample is wanted.</param>
    public static JsonElement? Write(IReadOnlyList<ChatMessage> messages, ChatOptions options, int? sample) => Write(messages, options, sample, question: null);

    /// <summary>All but the question, as a hash: only questions for which it is equal are compared. Null where the last message says anything else than the question.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="sample">Which sample is wanted.</param>
    /// <param name="question">The question.</param>
    /// <param name="maker">What answers, and by which version of the prompt.</param>
    public static string? ScopeOf(IReadOnlyList<ChatMessage> messages, ChatOptions options, int? sample, string question, string maker)
    {
        if (messages is not [.., { Contents: [TextContent { Text: var text }] } last] || last.Role != ChatRole.User || !string.Equals(text, question, StringComparison.Ordinal)) return null;
        return Write(messages, options, sample, last) is { } rest ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{maker}\n{CanonicalJson.Write(rest)}"))) : null;
    }

    private static JsonElement? Write(IReadOnlyList<ChatMessage> messages, ChatOptions options, int? sample, ChatMessage? question)
    {
        if (options is not { ConversationId: null, RawRepresentationFactory: null, ContinuationToken: null, AllowBackgroundResponses: not true }) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (!WriteMessages(writer, messages, question) || !WriteOptions(writer, options)) return null;
            if (sample is { } number) writer.WriteNumber("sample", number);
            writer.WriteEndObject();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    private static bool WriteMessages(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, ChatMessage? question)
    {
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        var count = 0;
        writer.WriteStartArray("messages");
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role.Value);
            if (message.AuthorName is { } author) writer.WriteString("author", author);
            writer.WriteStartArray("contents");
            foreach (var content in ReferenceEquals(message, question) ? [] : message.Contents)
            {
                if (content is FunctionCallContent call) calls[call.CallId ?? ""] = ++count;
                if (!WriteContent(writer, content, id => calls.GetValueOrDefault(id ?? ""))) return false;
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return true;
    }

    private static bool WriteContent(Utf8JsonWriter writer, AIContent content, Func<string?, int> numberOf)
    {
        if (content is UsageContent) return true;
        writer.WriteStartObject();
        switch (content)
        {
            case TextReasoningContent reasoning:
                writer.WriteString("reasoning", reasoning.Text);
                break;
            case TextContent text:
                writer.WriteString("text", text.Text);
                break;
            case FunctionCallContent call:
                writer.WriteNumber("call", numberOf(call.CallId));
                writer.WriteString("tool", call.Name);
                writer.WritePropertyName("arguments");
                WriteValue(writer, call.Arguments);
                break;
            case FunctionResultContent result:
                writer.WriteNumber("resultOf", numberOf(result.CallId));
                writer.WritePropertyName("value");
                WriteValue(writer, result.Result);
                break;
            case DataContent data:
                writer.WriteString("mediaType", data.MediaType);
                writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(data.Data.Span)));
                break;
            default:
                // What is behind an address may change, and what is not known may depend on anything.
                return false;
        }

        writer.WriteEndObject();
        return true;
    }

    private static bool WriteOptions(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Instructions is { } instructions) writer.WriteString("instructions", instructions);
        if (options.MaxOutputTokens is { } tokens) writer.WriteNumber("maxOutputTokens", tokens);
        if (options.Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
        if (options.TopP is { } topP) writer.WriteNumber("topP", topP);
        if (options.TopK is { } topK) writer.WriteNumber("topK", topK);
        if (options.FrequencyPenalty is { } frequency) writer.WriteNumber("frequencyPenalty", frequency);
        if (options.PresencePenalty is { } presence) writer.WriteNumber("presencePenalty", presence);
        if (options.Seed is { } seed) writer.WriteNumber("seed", seed);
        if (options.Reasoning is { } reasoning) writer.WriteString("reasoning", $"{reasoning.Effort} {reasoning.Output}");
        if (options.StopSequences is { Count: > 0 } stops)
        {
            writer.WriteStartArray("stop");
            foreach (var stop in stops) writer.WriteStringValue(stop);
            writer.WriteEndArray();
        }

        return WriteFormat(writer, options.ResponseFormat) && WriteTools(writer, options) && WriteProperties(writer, options.AdditionalProperties);
    }

    private static bool WriteFormat(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        if (format is null or ChatResponseFormatText) return true;
        if (format is not ChatResponseFormatJson json) return false;
        writer.WriteStartObject("format");
        writer.WriteString("name", json.SchemaName);
        writer.WriteString("description", json.SchemaDescription);
        writer.WritePropertyName("schema");
        if (json.Schema is { } schema) schema.WriteTo(writer);
        else writer.WriteNullValue();
        writer.WriteEndObject();
        return true;
    }

    private static bool WriteTools(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools) return true;
        var functions = tools.OfType<AIFunctionDeclaration>().OrderBy(tool => tool.Name, StringComparer.Ordinal).ToList();

        // A tool that the provider runs itself, such as a search of the web, may give another answer each time.
        if (functions.Count < tools.Count) return false;
        writer.WriteStartArray("tools");
        foreach (var function in functions)
        {
            writer.WriteStartObject();
            writer.WriteString("name", function.Name);
            writer.WriteString("description", function.Description);
            writer.WritePropertyName("schema");
            function.JsonSchema.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (options.AllowMultipleToolCalls is { } several) writer.WriteBoolean("allowMultipleToolCalls", several);
        writer.WriteString("toolMode", options.ToolMode switch
        {
            null or AutoChatToolMode => "auto",
            NoneChatToolMode => "none",
            RequiredChatToolMode required => $"required {required.RequiredFunctionName}",
            var other => other.GetType().Name,
        });
        return true;
    }

    /// <summary>The purpose, by which the offline model picks its algorithm; and whatever else was set, as long as it can be compared.</summary>
    private static bool WriteProperties(Utf8JsonWriter writer, AdditionalPropertiesDictionary? properties)
    {
        foreach (var (name, value) in (properties ?? []).OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            // Of our own ones only the purpose changes an answer: the others tell how or for whom it is made, such as a run's ID.
            if (name.StartsWith(OwnProperties, StringComparison.Ordinal) && name != ModelProperties.Purpose) continue;
            if (value is not (null or string or bool or int or long or float or double or decimal or Enum or JsonElement)) return false;
            writer.WritePropertyName($"properties.{name}");
            WriteValue(writer, value is Enum ? value.ToString() : value);
        }

        return true;
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        if (value is JsonElement json) json.WriteTo(writer);
        else if (value is IDictionary<string, object?> values) WriteObject(writer, values);
        else JsonSerializer.Serialize(writer, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object)));
    }

    private static void WriteObject(Utf8JsonWriter writer, IDictionary<string, object?> values)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }
}
