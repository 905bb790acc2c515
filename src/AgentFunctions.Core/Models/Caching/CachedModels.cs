using AgentFunctions.Core.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>Puts a host's cache over its models.</summary>
public static class CachedModels
{
    /// <summary>The longest question whose meaning is compared, in characters: 1,000. Longer texts are documents.</summary>
    public const int LongestQuestion = 1000;

    /// <summary>The decorator of a catalog's models: the cache that the host has registered, or none.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedModel, IChatClient> OverChats(IServiceProvider host)
    {
        var cache = host.GetService<ICallCache>() ?? NoCache.Instance;
        return model => new CachingChatClient(model.Client, cache, model.Price);
    }

    /// <summary>The decorator of a catalog's embedding models: the cache that the host has registered, or none.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host)
    {
        var cache = host.GetService<ICallCache>() ?? NoCache.Instance;
        return model => new CachingEmbeddingGenerator(model.Generator, cache, model.Price);
    }

    /// <summary>A text as a question whose meaning may be compared, or null where it is too long or blank.</summary>
    /// <param name="text">The text.</param>
    public static string? QuestionOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= LongestQuestion && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    /// <summary>What a model's answer or vector says of where it came from; null where it was made for this call.</summary>
    /// <param name="properties">Its properties.</param>
    internal static CacheNote? NoteOf(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(ModelProperties.CacheNote) as CacheNote;

    /// <summary>A scope for a call of this model. A model without a cache has no kept answer: it must not be asked where nothing else is wanted.</summary>
    /// <exception cref="CacheMissException">Only a kept answer is asked for.</exception>
    internal static ModelCacheScope Checked(ResolvedModel model, ModelCacheScope scope) =>
        scope.Settings.Mode == CacheMode.Only && model.Client.GetService(typeof(CachingChatClient)) is null
            ? throw new CacheMissException($"Only a kept answer of '{model.Name}' was asked for, and its answers are not kept. Ask with another mode.")
            : scope;
}
