using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.DurableTask;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Carries failure details through Durable Functions, which keeps an exception's type name and message and nothing else of it. The message
/// stays readable; the details follow it behind a marker.
/// </summary>
internal static class FailureText
{
    private const string Marker = "\nagentfunctions-failure:";

    /// <summary>The exception that an activity or entity function throws instead of what it caught.</summary>
    public static Exception ToThrow(Exception caught, string? step, JsonSerializerOptions json)
    {
        var details = FailureDetails.From(caught, step);
        var text = JsonSerializer.Serialize(details, json.GetTypeInfo(typeof(FailureDetails)));
        return new StepFailedException($"{details.Message}{Marker}{text}", caught);
    }

    /// <summary>The details of what Durable Functions says of a failure.</summary>
    public static FailureDetails Read(TaskFailureDetails? failure, string? step, JsonSerializerOptions json)
    {
        if (failure is null)
        {
            // A sub-orchestration that was terminated ends without any.
            return new FailureDetails { Type = "RunTerminated", Message = $"{step ?? "It"} was terminated.", Step = step };
        }

        // The innermost says most: what wraps it is the host's.
        for (var at = failure; at is not null; at = at.InnerFailure)
        {
            if (Parse(at.ErrorMessage, json) is { } details)
            {
                return details with { Step = details.Step ?? step };
            }
        }

        var type = failure.ErrorType;
        return new FailureDetails
        {
            Type = type[(type.LastIndexOf('.') + 1)..],
            Message = failure.ErrorMessage,
            Permanent = IsPermanent(failure),
            Step = step,
        };
    }

    /// <summary>The details of what a history event says of a failure.</summary>
    public static FailureDetails Read(string type, string message, DurableTask.Core.FailureDetails? inner, JsonSerializerOptions json) =>
        Parse(message, json) ?? (inner is null ? null : Parse(inner.ErrorMessage, json))
        ?? new FailureDetails { Type = type[(type.LastIndexOf('.') + 1)..], Message = message };

    private static FailureDetails? Parse(string? message, JsonSerializerOptions json)
    {
        var at = message?.IndexOf(Marker, StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return null;
        }

        // The host may append to the message, so the JSON ends where its value ends.
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(message![(at + Marker.Length)..]));
        try
        {
            return DurableJson.Read<FailureDetails>(JsonElement.ParseValue(ref reader), json);
        }
        catch (JsonException)
        {
            // It was cut short on its way.
            return null;
        }
    }

    private static bool IsPermanent(TaskFailureDetails failure) =>
        failure.IsCausedBy<PermanentFailureException>() || failure.IsCausedBy<ArgumentException>() || failure.IsCausedBy<NotSupportedException>() || failure.IsCausedBy<JsonException>();
}

/// <summary>An activity or entity operation failed. The message carries the details.</summary>
public sealed class StepFailedException(string message, Exception inner) : Exception(message, inner);
