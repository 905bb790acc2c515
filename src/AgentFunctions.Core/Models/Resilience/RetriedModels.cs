using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Resilience;

/// <summary>Puts a host's retries over its models. The offline model, which can't fail for a while, has none.</summary>
public static class RetriedModels
{
    /// <summary>The decorator of a catalog's models.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedModel, IChatClient> OverChats(IServiceProvider host) =>
        model => model.Client.GetService(typeof(OfflineChatClient)) is not null || Of(host, model.Name) is not { } retries ? model.Client : new RetryingChatClient(model.Client, retries);

    /// <summary>The decorator of a catalog's embedding models.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host) =>
        model => Of(host, model.Name) is not { } retries ? model.Generator : new RetryingEmbeddingGenerator(model.Generator, retries);

    private static ModelRetries? Of(IServiceProvider host, string model)
    {
        var options = host.GetRequiredService<IOptions<ResilienceOptions>>().Value.Retry;
        return options.MaxRetries == 0 ? null : new ModelRetries(model, options, host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ResilienceMetrics>());
    }
}
