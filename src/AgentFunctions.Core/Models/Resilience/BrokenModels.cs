using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>Puts a host's circuits around the deployments of its models, so that one that is broken is not called. Where models have none there is nothing around them.</summary>
public static class BrokenModels
{
    /// <summary>Wraps what connects to a model at an endpoint.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="connect">Makes the client.</param>
    public static Func<ModelEndpoint, string, IChatClient> OverChats(IServiceProvider host, Func<ModelEndpoint, string, IChatClient> connect)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(connect);
        return (endpoint, name) => host.GetRequiredService<CircuitBreakers>().OfDeployment(DeploymentLimiters.NameOf(endpoint.Address, name)) is { } circuit ? new CircuitChatClient(connect(endpoint, name), circuit) : connect(endpoint, name);
    }

    /// <summary>Wraps what connects to an embedding model.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="endpoint">Where the model is.</param>
    /// <param name="connect">Makes the generator.</param>
    public static Func<string, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host, Uri? endpoint, Func<string, IEmbeddingGenerator<string, Embedding<float>>> connect)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(connect);
        return name => endpoint is not null && host.GetRequiredService<CircuitBreakers>().OfDeployment(DeploymentLimiters.NameOf(endpoint, name)) is { } circuit ? new CircuitEmbeddingGenerator(connect(name), circuit) : connect(name);
    }

    /// <summary>Tells what a failed call says of its deployment: what was asked may be wrong, and too much, without its being broken.</summary>
    internal static void Failed(CircuitPass pass, Exception error)
    {
        switch (error)
        {
            case ModelUnavailableException or TimeoutException:
                pass.Failed(error);
                break;
            case PermanentFailureException:
                pass.Answered();
                break;
            default:
                pass.Nothing();
                break;
        }
    }
}
