using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Resilience;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>
/// Does not call a deployment that is broken. It stands over the deployment's limits, so that what is not sent takes no permit, and under the choice between deployments,
/// which goes on to another. What counts is that it could not be reached, sent no answer or was too slow; refusals of a call and of too many calls do not.
/// </summary>
/// <param name="inner">The deployment's client.</param>
/// <param name="circuit">Its circuit.</param>
public sealed class CircuitChatClient(IChatClient inner, TargetCircuit circuit) : DelegatingChatClient(inner)
{
    /// <summary>Calls the model, unless it is broken.</summary>
    /// <inheritdoc/>
    /// <exception cref="CircuitOpenException">It is broken; nothing was sent.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var pass = await circuit.EnterAsync(cancellationToken);
        try
        {
            var response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
            pass.Answered();
            return response;
        }
        catch (Exception error)
        {
            BrokenModels.Failed(pass, error);
            throw;
        }
    }

    /// <summary>Calls the model, unless it is broken, and hands its answer on as it comes. An answer that breaks off counts as a failure.</summary>
    /// <inheritdoc/>
    /// <exception cref="CircuitOpenException">It is broken; nothing was sent.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pass = await circuit.EnterAsync(cancellationToken);
        try
        {
            await using var updates = InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync()) break;
                }
                catch (Exception error)
                {
                    BrokenModels.Failed(pass, error);
                    throw;
                }

                // All others wait for a probe: that it is answered at all is enough for them.
                if (pass.IsProbe && updates.Current.Contents.Count > 0) pass.Answered();
                yield return updates.Current;
            }

            pass.Answered();
        }
        finally
        {
            // Where the reader has gone away before the end.
            pass.Nothing();
        }
    }
}
