using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>
/// One model behind several deployments. Calls that belong together (<see cref="ModelProperties.Affinity"/>) go to one of them, on every worker, so that the
/// provider finds the prefix of a conversation in its cache; the others are spread. A call that is refused goes to the next deployment at once, as long as nothing of its
/// answer has come; other failures are the caller's to retry, and the retry finds another deployment.
/// </summary>
public sealed class DeployedChatClient : IChatClient
{
    private readonly IReadOnlyList<IChatClient> clients;
    private readonly DeploymentPool pool;

    /// <summary>Makes the client; nothing is called yet.</summary>
    /// <param name="deployments">The deployments and what calls each; at least one.</param>
    /// <param name="pool">What is known of them, in their order. Default: one of its own with default settings.</param>
    /// <exception cref="ArgumentException">There are none, or the pool is of others.</exception>
    public DeployedChatClient(IReadOnlyList<(ModelEndpoint Endpoint, IChatClient Client)> deployments, DeploymentPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        clients = [.. deployments.Select(deployment => deployment.Client)];
        this.pool = pool ?? new DeploymentPool("", [.. deployments.Select(deployment => deployment.Endpoint)]);
        if (this.pool.Count != clients.Count) throw new ArgumentException($"The pool has {this.pool.Count} deployments, and there are {clients.Count} clients. Make it of the same.", nameof(pool));
    }

    /// <inheritdoc/>
    /// <exception cref="ThrottledException">All deployments refuse for now: why each does, and the shortest time to wait. Where all are broken it is a <see cref="CircuitOpenException"/>.</exception>
    /// <exception cref="DeploymentRefusedException">All deployments refuse whatever they are asked.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        return await pool.CallAsync(SessionOf(options), deployment => clients[deployment].GetResponseAsync(list, options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ThrottledException">All deployments refuse for now: why each does, and the shortest time to wait. Where all are broken it is a <see cref="CircuitOpenException"/>.</exception>
    /// <exception cref="DeploymentRefusedException">All deployments refuse whatever they are asked.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var tour = new DeploymentTour(pool, SessionOf(options));
        while (true)
        {
            var call = tour.Next();
            var isRefused = false;
            try
            {
                await using var updates = clients[call.Deployment].GetStreamingResponseAsync(list, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (true)
                {
                    try
                    {
                        if (!await updates.MoveNextAsync()) break;
                    }
                    catch (Exception error)
                    {
                        if (!tour.MayGoOn(call, error, cancellationToken))
                        {
                            if (tour.InPlaceOf(call, error) is { } told) throw told;
                            throw;
                        }

                        isRefused = true;
                        break;
                    }

                    call.Answer();
                    yield return updates.Current;
                }

                if (!isRefused)
                {
                    call.Answer();
                    call.End(CallOutcome.Answered);
                    yield break;
                }
            }
            finally
            {
                // Here without an end, the reader has left in the middle: it has its answer, or gave it up.
                call.End(call.Start.WasAnswered ? CallOutcome.Answered : CallOutcome.Cancelled);
            }
        }
    }

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

    private static string? SessionOf(ChatOptions? options) => options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Affinity) as string;
}
