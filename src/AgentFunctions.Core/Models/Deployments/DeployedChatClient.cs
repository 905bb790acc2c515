using AgentFunctions.Core.Policies.Balancing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>
/// One model behind several deployments. Calls that belong together (<see cref="ModelProperties.Affinity"/>) go to one of them, on every worker, so that the
/// provider finds the prefix of a conversation in its cache; the others take turns.
/// </summary>
public sealed class DeployedChatClient : IChatClient
{
    private readonly IReadOnlyList<IChatClient> clients;
    private readonly string[] names;
    private uint turn;

    /// <summary>Makes the client; nothing is called yet.</summary>
    /// <param name="deployments">The deployments and what calls each; at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public DeployedChatClient(IReadOnlyList<(ModelEndpoint Endpoint, IChatClient Client)> deployments)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        if (deployments.Count == 0) throw new ArgumentException("There are no deployments. Give at least one.", nameof(deployments));
        clients = [.. deployments.Select(deployment => deployment.Client)];
        names = [.. deployments.Select(deployment => deployment.Endpoint.Address.AbsoluteUri)];
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Choose(options).GetResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Choose(options).GetStreamingResponseAsync(messages, options, cancellationToken);

    /// <summary>This client, or what the first deployment's says.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Handed on.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : clients[0].GetService(serviceType, serviceKey);
    }

    /// <summary>Lets go of the deployments' clients.</summary>
    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }

    private IChatClient Choose(ChatOptions? options) => clients[options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Affinity) is string key
        ? Rendezvous.Choose(key, names)
        : (int)(Interlocked.Increment(ref turn) % (uint)clients.Count)];
}
