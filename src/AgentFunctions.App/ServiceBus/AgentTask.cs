using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using Microsoft.Net.Http.Headers;

namespace AgentFunctions.App.ServiceBus;

/// <summary>What a message asks for, before it is compared with the catalog.</summary>
/// <param name="InstanceId">The run's ID, from the message's.</param>
/// <param name="Orchestrator">The orchestrator's name.</param>
/// <param name="Priority">The lane.</param>
/// <param name="Body">The body.</param>
internal sealed record AgentTask(string InstanceId, string Orchestrator, RunPriority Priority, JsonElement Body)
{
    /// <summary>What the instance ID of a run begins with that a message started: whoever sent it is told how it ended.</summary>
    public const string InstanceIdPrefix = "sb-";

    /// <summary>Reads a message.</summary>
    /// <exception cref="ProblemException">It can't be a task.</exception>
    public static AgentTask Read(AgentTaskMessage message, ApiOptions options)
    {
        if (string.IsNullOrEmpty(message.MessageId))
        {
            throw new ProblemException(ProblemKind.InvalidRequest, "The message has no MessageId, so a redelivery could not be told from a new task. Set MessageId to something unique to the task, such as a UUID.");
        }

        var orchestrator = OrchestratorOf(message);
        var priority = PriorityOf(message);
        CheckContentType(message.ContentType);
        return new AgentTask(InstanceIdOf(message.MessageId), orchestrator, priority, BodyOf(message, options.MaxBodyBytes));
    }

    /// <summary>The instance ID of the run that this message starts. Half of a SHA-256 is enough to tell any number of messages apart.</summary>
    public static string InstanceIdOf(string messageId) => $"{InstanceIdPrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)))[..32]}";

    private static string OrchestratorOf(AgentTaskMessage message)
    {
        var subject = string.IsNullOrWhiteSpace(message.Subject) ? null : message.Subject.Trim();
        var property = message.Text(AgentTaskMessage.OrchestratorProperty)?.Trim();
        if (subject is not null && property is not null && !subject.Equals(property, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemKind.InvalidRequest, $"The message's Subject is '{Shown.Of(subject)}' and its property '{AgentTaskMessage.OrchestratorProperty}' is '{Shown.Of(property)}'. Name the orchestrator in one of them.");
        }

        return subject ?? property ?? throw new ProblemException(ProblemKind.InvalidRequest, $"The message names no orchestrator. Put its name into Subject or into the application property '{AgentTaskMessage.OrchestratorProperty}'.");
    }

    private static RunPriority PriorityOf(AgentTaskMessage message)
    {
        if (!message.ApplicationProperties.TryGetValue(AgentTaskMessage.PriorityProperty, out var value) || value is null)
        {
            return RunPriority.Workflow;
        }

        return value is string text && !char.IsAsciiDigit(text.FirstOrDefault()) && Enum.TryParse<RunPriority>(text, ignoreCase: true, out var priority) && Enum.IsDefined(priority)
            ? priority
            : throw new ProblemException(ProblemKind.InvalidRequest, $"The message's property '{AgentTaskMessage.PriorityProperty}' is '{Shown.Of(value.ToString() ?? "")}'. Set it to the text {string.Join(", ", Enum.GetNames<RunPriority>())}, or leave it out.");
    }

    private static void CheckContentType(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return;
        }

        var isJson = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The message's ContentType is '{Shown.Of(contentType)}'. Send the body as UTF-8 JSON with ContentType application/json, or without one.");
        }
    }

    private static JsonElement BodyOf(AgentTaskMessage message, long most)
    {
        if (message.Body is not { } body)
        {
            throw new ProblemException(ProblemKind.InvalidJson, "The message's body is an AMQP value or sequence, not data. Send the input as UTF-8 bytes of JSON.");
        }

        if (body.IsEmpty)
        {
            throw new ProblemException(ProblemKind.InvalidJson, "The body is empty. Send the orchestrator's input as a JSON object.");
        }

        return body.Length <= most
            ? StrictJson.Parse(body)
            : throw new ProblemException(ProblemKind.TooLarge, $"The body has {body.Length} bytes, and the limit is {most}. Send less, or store large documents and send their content references.");
    }
}
