namespace AgentFunctions.Core.Caching;

/// <summary>What a cache keeps: each kind has its own lifetime.</summary>
public enum CacheKind
{
    /// <summary>A model's answer to a request. Lives 5 minutes unless set.</summary>
    Response,

    /// <summary>What a read-only tool gave. Lives 1 hour unless set.</summary>
    Tool,

    /// <summary>A text's vector. Lives 30 days unless set.</summary>
    Embedding,

    /// <summary>A step on the way to an answer: map and reduce results, plans, judgements. Lives 15 minutes unless set.</summary>
    Reasoning,
}
