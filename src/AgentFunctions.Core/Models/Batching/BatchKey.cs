using AgentFunctions.Core.Limiting;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>What texts of one request have in common: all that changes a vector.</summary>
/// <param name="Model">The model; null for the generator's own.</param>
/// <param name="Dimensions">How many numbers a vector has; null for the model's own.</param>
internal sealed record BatchKey(string? Model, int? Dimensions)
{
    private const string Ours = "agentfunctions.";

    /// <summary>The key of a call; null for one that goes by itself, as it says what we do not know.</summary>
    public static BatchKey? Of(EmbeddingGenerationOptions? options)
    {
        if (options is null) return new BatchKey(null, null);
        var isKnown = options.GetType() == typeof(EmbeddingGenerationOptions)
            && options.RawRepresentationFactory is null
            && options.AdditionalProperties?.Keys.All(name => name.StartsWith(Ours, StringComparison.Ordinal)) != false;
        return isKnown ? new BatchKey(options.ModelId, options.Dimensions) : null;
    }

    /// <summary>The options of the joined request: of what calls carried only the highest lane. Caches and budgets are above and have done their part.</summary>
    public EmbeddingGenerationOptions Options(IEnumerable<BatchPiece> pieces, ProviderTime providerTime) => new()
    {
        ModelId = Model,
        Dimensions = Dimensions,
        AdditionalProperties = new() { [ModelProperties.Priority] = pieces.Select(piece => piece.Lane).MinBy(LaneQueue<BatchPiece>.Ageing), [ProviderTime.Property] = providerTime },
    };
}
