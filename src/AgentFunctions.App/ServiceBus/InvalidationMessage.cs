using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Caching;

namespace AgentFunctions.App.ServiceBus;

/// <summary>
/// A message that invalidates entries of the cache: with the subject <c>cache.invalidate</c>, or with none and the body <c>{"invalidate": {"tag": "prices"}}</c>,
/// as a producer can send it that sets no subjects. Applied twice it is as once, so it needs no MessageId.
/// </summary>
internal static class InvalidationMessage
{
    /// <summary>The subject.</summary>
    public const string Subject = "cache.invalidate";

    private const string Property = "invalidate";

    /// <summary>What the message invalidates, or null where it is no such message.</summary>
    /// <exception cref="ProblemException">It is one, but does not fit.</exception>
    public static CacheInvalidation? TryRead(AgentTaskMessage message, ApiEnvironment environment)
    {
        if (Subject.Equals(message.Subject?.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            var body = MessageBody.Read(message, environment.Options.MaxBodyBytes, "the invalidation ({\"tag\": \"prices\"}, or kind, key, tenant, all)");
            return Of(Wrapped(body) ?? body, message, environment);
        }

        if (!string.IsNullOrWhiteSpace(message.Subject) || message.Text(AgentTaskMessage.OrchestratorProperty) is not null || message.Body is not { IsEmpty: false })
        {
            return null;
        }

        return Wrapped(MessageBody.Read(message, environment.Options.MaxBodyBytes, "an invalidation")) is { } invalidation ? Of(invalidation, message, environment) : null;
    }

    private static CacheInvalidation Of(JsonElement body, AgentTaskMessage message, ApiEnvironment environment) =>
        InvalidationRequest.Read(body, environment.Json).ToInvalidation(MessageTenant.Read(message));

    private static JsonElement? Wrapped(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject() is var properties && properties.Count() == 1 && body.TryGetProperty(Property, out var inner) ? inner : null;
}
