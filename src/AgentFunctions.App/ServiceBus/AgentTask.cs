using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.App.ServiceBus;

/// <summary>What a message asks for, before it is compared with the catalog.</summary>
/// <param name="InstanceId">The run's ID, from the message's.</param>
/// <param name="Orchestrator">The orchestrator's name.</param>
/// <param name="Priority">The lane.</param>
/// <param name="Body">The body.</param>
internal sealed record AgentTask(string InstanceId, string Orchestrator, RunPriority Priority, JsonElement Body)
{
    /// <summary>What the run may spend; null where the message does not say.</summary>
    public BudgetLimit? Budget { get; init; }

    /// <summary>How long from when the queue took the message its result is of use; null where the message does not say.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What the instance ID of a run begins with, behind its tenant, that a message started: whoever sent it is told how it ended.</summary>
    private const string InstanceIdPrefix = "sb-";

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
        var tenant = MessageTenant.Read(message) ?? Tenants.Default;
        return new AgentTask(InstanceIdOf(message.MessageId, tenant), orchestrator, priority, MessageBody.Read(message, options.MaxBodyBytes, "the orchestrator's input"))
        {
            Budget = MessageBudget.Read(message),
            Deadline = MessageDeadline.Read(message),
        };
    }

    /// <summary>The instance ID of the run that this message starts. Half of a SHA-256 is enough to tell any number of messages apart.</summary>
    public static string InstanceIdOf(string messageId, string tenant) => Tenants.InstanceId(tenant, $"{InstanceIdPrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)))[..32]}");

    /// <summary>Whether a message started this run.</summary>
    public static bool IsStartedByMessage(string instanceId) => instanceId.StartsWith(Tenants.InstanceId(Tenants.Of(instanceId), InstanceIdPrefix), StringComparison.Ordinal);

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
}
