using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Deployments;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Models.Limiting;

/// <summary>Puts a host's limiters around the clients of its models, and around those the gates by calls in flight: who waits for a permit counts as in flight. Without limits there is nothing around them.</summary>
public static class LimitedModels
{
    /// <summary>Wraps what connects to a model at an endpoint.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="connect">Makes the client.</param>
    public static Func<ModelEndpoint, string, IChatClient> OverChats(IServiceProvider host, Func<ModelEndpoint, string, IChatClient> connect)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(connect);
        return (endpoint, name) =>
        {
            var client = connect(endpoint, name);
            if (host.GetRequiredService<DeploymentLimiters>().Find(endpoint.Address, name) is { } limiter) client = new LimitedChatClient(client, limiter);
            return host.GetRequiredService<CallGates>().Find(endpoint.Address, name) is { } gate ? new GatedChatClient(client, gate) : client;
        };
    }

    /// <summary>Wraps what connects to an embedding model.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="endpoint">Where the model is.</param>
    /// <param name="connect">Makes the generator.</param>
    public static Func<string, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host, Uri? endpoint, Func<string, IEmbeddingGenerator<string, Embedding<float>>> connect)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(connect);
        return name =>
        {
            var generator = connect(name);
            if (endpoint is null) return generator;
            if (host.GetRequiredService<DeploymentLimiters>().Find(endpoint, name) is { } limiter) generator = new LimitedEmbeddingGenerator(generator, limiter);
            return host.GetRequiredService<CallGates>().Find(endpoint, name) is { } gate ? new GatedEmbeddingGenerator(generator, gate) : generator;
        };
    }

    /// <summary>Who waits for a call, as its options say.</summary>
    internal static RunPriority LaneOf(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(ModelProperties.Priority) is RunPriority lane ? lane : RunPriority.Workflow;

    /// <summary>Tells what became of a call that failed. One that may have been sent counts as it was thought to be.</summary>
    internal static void Failed(Permit permit, Exception error)
    {
        switch (error)
        {
            case ThrottledException throttled:
                permit.Refuse(throttled.RetryAfter);
                break;
            case PermanentFailureException:
                // A request that is refused as wrong costs no tokens.
                permit.Settle(0);
                break;
            case ModelUnavailableException { WasNeverSent: true }:
                permit.Return();
                break;
        }
    }
}
