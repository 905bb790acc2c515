using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.ServiceBus;

/// <summary>Whose a message is.</summary>
internal static class MessageTenant
{
    /// <summary>The tenant that the message names, or null where it names none.</summary>
    /// <exception cref="ProblemException">It is no tenant's name.</exception>
    public static string? Read(AgentTaskMessage message)
    {
        if (!message.ApplicationProperties.TryGetValue(AgentTaskMessage.TenantProperty, out var value) || value is null)
        {
            return null;
        }

        return value is string tenant && Tenants.IsAllowed(tenant)
            ? tenant
            : throw new ProblemException(ProblemKind.InvalidRequest, $"The message's property '{AgentTaskMessage.TenantProperty}' is '{Shown.Of(value.ToString() ?? "")}'. {Tenants.Rule}");
    }
}
