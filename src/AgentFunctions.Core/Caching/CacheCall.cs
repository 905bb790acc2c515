using System.Buffers;
using AgentFunctions.Core.Caching.Flights;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Caching;

/// <summary>A request with all that follows from it.</summary>
internal sealed class CacheCall
{
    /// <summary>What follows from a request that has been checked.</summary>
    public CacheCall(CacheRequest request, Generations generations, bool semantic)
    {
        (Request, IsSemantic) = (request, semantic);
        Key = CacheKey.Of(request);
        Set = generations.Of(request.Settings.Shared ? StorePlaces.Shared : request.Tenant);
        Tags = GenerationScopes.Tags(request.Settings.Tags);
        Documents = GenerationScopes.DocumentsOf(Tags, Key);
        if (semantic) Scope = ScopeOf(request);
    }

    /// <summary>What is asked.</summary>
    public CacheRequest Request { get; }

    /// <summary>Where its answer is.</summary>
    public CacheKey Key { get; }

    /// <summary>What has been invalidated of its owner's.</summary>
    public GenerationSet Set { get; }

    /// <summary>Whose the answer is: the tenant's, or everyone's.</summary>
    public string Owner => Set.Owner;

    /// <summary>Its tags' scopes.</summary>
    public ulong[] Tags { get; }

    /// <summary>The documents that its answer hangs on.</summary>
    public uint Documents { get; }

    /// <summary>Whether the answer to another question will do.</summary>
    public bool IsSemantic { get; }

    /// <summary>What other than the question the answer depends on, where <see cref="IsSemantic"/>.</summary>
    public CacheKey Scope { get; }

    /// <summary>The question, where <see cref="IsSemantic"/>.</summary>
    public string Question => Request.Question!.Text;

    /// <summary>Which work is the same as this call's.</summary>
    public FlightKey FlightKey<T>() => new(Key, typeof(T), Request.Settings.Mode == CacheMode.Refresh, IsSemantic);

    /// <summary>The maker belongs to it, whatever callers put into theirs: one model's answer is not another's.</summary>
    private static CacheKey ScopeOf(CacheRequest request)
    {
        var json = new ArrayBufferWriter<byte>(256);
        foreach (var part in (ReadOnlySpan<string?>)[request.Maker, request.MakerVersion, request.Settings.PromptVersion, request.Question!.Scope])
        {
            json.Write(","u8);
            if (part is not null) CanonicalJson.WriteText(part, json);
        }

        return CacheKey.Of(json.WrittenSpan);
    }
}
