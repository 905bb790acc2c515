using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Caching;

/// <summary>A cache in memory without time or bounds: it keeps answers as JSON, as the real one does, so that what can't be written or read back fails here too.</summary>
internal sealed class FakeCallCache : ICallCache
{
    private readonly Dictionary<string, (byte[] Json, Cost? Saved, string? Question)> kept = new(StringComparer.Ordinal);
    private int held;

    /// <summary>All that was asked for, in order.</summary>
    public List<CacheRequest> Requests { get; } = [];

    /// <summary>The limits that makers gave with the answers that were kept, in order.</summary>
    public List<TimeSpan?> Limits { get; } = [];

    /// <summary>How many answers are kept.</summary>
    public int Count => kept.Count;

    /// <summary>Whether an answer to this earlier question will do for another. Default: never.</summary>
    public Func<string, string, double?> Alike { get; set; } = (_, _) => null;

    /// <summary>Has the next hit be told as stale, while the work is done again beside it.</summary>
    public bool ServesStale { get; set; }

    /// <summary>Fails or stops every look-up, where set; the cache's own failures count as misses.</summary>
    public Func<bool> IsDown { get; set; } = () => false;

    public static string KeyOf(CacheRequest request) =>
        ContentRef.Of(System.Text.Encoding.UTF8.GetBytes($"{request.Kind}\n{(request.Settings.Shared ? "*" : request.Tenant)}\n{request.Maker}\n{request.MakerVersion}\n{request.Settings.PromptVersion}\n{CanonicalJson.Write(request.Input)}")).Sha256;

    public async Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        if (request.Settings.Mode is CacheMode.Use or CacheMode.Only && Find(request, json) is { } found)
        {
            if (!ServesStale) return found;
            Keep(request, await make(cancellationToken), json);
            return found with { Note = found.Note! with { Source = CacheSource.Stale } };
        }

        if (request.Settings.Mode == CacheMode.Only) throw new CacheMissException("There is none.");
        var fill = await make(cancellationToken);
        if (request.Settings.Mode != CacheMode.Off) Keep(request, fill, json);
        return new(fill.Value, Note: null);
    }

    public Task<IReadOnlyList<CacheResult<T>?>> FindManyAsync<T>(IReadOnlyList<CacheRequest> requests, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        Requests.AddRange(requests);
        return Task.FromResult<IReadOnlyList<CacheResult<T>?>>([.. requests.Select(request => Find(request, json))]);
    }

    public Task KeepManyAsync<T>(IReadOnlyList<(CacheRequest Request, CacheFill<T> Fill)> answers, JsonTypeInfo<T> json, CacheMoment began, CancellationToken cancellationToken)
    {
        Assert.Equal(held, Assert.IsType<Moment>(began).Held);
        foreach (var (request, fill) in answers) Keep(request, fill, json);
        return Task.CompletedTask;
    }

    public Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken) => Task.FromResult<CacheMoment>(new Moment(++held));

    private CacheResult<T>? Find<T>(CacheRequest request, JsonTypeInfo<T> json)
    {
        if (IsDown()) return null;
        var key = KeyOf(request);
        if (kept.TryGetValue(key, out var entry)) return new(JsonSerializer.Deserialize(entry.Json, json)!, new CacheNote { Source = CacheSource.Memory, Key = key, Age = TimeSpan.FromSeconds(5), Saved = entry.Saved });
        if (request.Question is not { } question) return null;
        var mark = $"{question.Scope}\n";
        foreach (var (other, it) in kept)
        {
            if (it.Question?.StartsWith(mark, StringComparison.Ordinal) != true || Alike(question.Text, it.Question[mark.Length..]) is not { } score) continue;
            return new(JsonSerializer.Deserialize(it.Json, json)!, new CacheNote { Source = CacheSource.Semantic, Key = other, Saved = it.Saved, Question = it.Question[mark.Length..], Score = score });
        }

        return null;
    }

    private void Keep<T>(CacheRequest request, CacheFill<T> fill, JsonTypeInfo<T> json)
    {
        if (!fill.Keep || IsDown()) return;
        Limits.Add(fill.Ttl);
        kept[KeyOf(request)] = (JsonSerializer.SerializeToUtf8Bytes(fill.Value, json), fill.Cost, request.Question is { } question ? $"{question.Scope}\n{question.Text}" : null);
    }

    private sealed class Moment(int held) : CacheMoment
    {
        public int Held => held;
    }
}
