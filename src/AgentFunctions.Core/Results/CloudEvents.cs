using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Results;

/// <summary>Writes CloudEvents 1.0 in structured JSON (the CloudEvents specification, version 1.0.2, and its JSON event format).</summary>
public static class CloudEvents
{
    /// <summary>The start of every type: <c>agentfunctions.run.completed</c>, <c>.failed</c>, <c>.terminated</c>.</summary>
    public const string TypePrefix = "agentfunctions.run.";

    /// <summary>Longer failure messages are cut to this many characters: 16,384, so that every event fits a message of 256 KB.</summary>
    public const int MostMessageCharacters = 16 * 1024;

    /// <summary>The event of a run's end. A pure function: the same result gives the same bytes, so a retry publishes the same event; only its trace may differ.</summary>
    /// <param name="result">How the run ended.</param>
    /// <param name="outputRef">Where its output is, or null to carry the output itself.</param>
    /// <param name="source">What the event comes from: a URI reference, absolute where the host knows its address.</param>
    /// <param name="json">The catalog's options.</param>
    /// <param name="traceParent">The W3C <c>traceparent</c> that publishes it, or null (CloudEvents' Distributed Tracing extension).</param>
    /// <param name="traceState">Its <c>tracestate</c>, or null.</param>
    /// <exception cref="PermanentFailureException">The result can't be one: no instance ID or orchestrator, or a status that is not final.</exception>
    public static ResultEvent Of(RunResult result, ContentRef? outputRef, Uri source, JsonSerializerOptions json, string? traceParent = null, string? traceState = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(json);
        Check(result);
        var id = Id(result.InstanceId, result.Time);
        var type = TypePrefix + result.Status.ToString().ToLowerInvariant();
        var data = new RunResultData
        {
            InstanceId = result.InstanceId,
            Orchestrator = result.Orchestrator,
            Status = result.Status,
            Output = outputRef is null ? result.Output : null,
            OutputRef = outputRef,
            Failure = Short(result.Failure),
        };
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = json.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion"u8, "1.0"u8);
            writer.WriteString("id"u8, id);
            writer.WriteString("source"u8, source.OriginalString);
            writer.WriteString("type"u8, type);
            writer.WriteString("subject"u8, result.InstanceId);
            writer.WriteString("time"u8, result.Time.UtcDateTime);
            writer.WriteString("datacontenttype"u8, "application/json"u8);
            if (!string.IsNullOrEmpty(traceParent))
            {
                writer.WriteString("traceparent"u8, traceParent);
                if (!string.IsNullOrEmpty(traceState))
                {
                    writer.WriteString("tracestate"u8, traceState);
                }
            }

            writer.WritePropertyName("data"u8);
            JsonSerializer.Serialize(writer, data, json.GetTypeInfo(typeof(RunResultData)));
            writer.WriteEndObject();
        }

        return new ResultEvent(id, type, result.InstanceId, buffer.WrittenMemory);
    }

    /// <summary>The ID of the event: the run and the time of its end, which a retry of the activity keeps and a restart of the run changes. At most 124 characters.</summary>
    private static string Id(string instanceId, DateTimeOffset time) => $"{instanceId}/{time.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfffffff'Z'", CultureInfo.InvariantCulture)}";

    private static void Check(RunResult result)
    {
        if (string.IsNullOrEmpty(result.InstanceId) || result.InstanceId.Length > 100)
        {
            throw new PermanentFailureException($"The result's instanceId has {result.InstanceId?.Length ?? 0} characters. Give the run's instance ID, 1 to 100 characters.");
        }

        if (string.IsNullOrEmpty(result.Orchestrator))
        {
            throw new PermanentFailureException($"The result of run '{result.InstanceId}' has no orchestrator. Give the orchestrator's name.");
        }

        if (!result.Status.IsFinal())
        {
            throw new PermanentFailureException($"The result of run '{result.InstanceId}' has the status {result.Status}. Publish a run that has ended: Completed, Failed or Terminated.");
        }
    }

    private static FailureDetails? Short(FailureDetails? failure) =>
        failure is { Message.Length: > MostMessageCharacters } ? failure with { Message = Cut(failure.Message) } : failure;

    private static string Cut(string message) => string.Concat(message.AsSpan(0, char.IsHighSurrogate(message[MostMessageCharacters - 1]) ? MostMessageCharacters - 1 : MostMessageCharacters), "…");
}
