namespace AgentFunctions.Core.Search.Corpora;

/// <summary>Builds an index once for each version of a corpus, for all who search at the same time, and keeps the last one. Thread-safe.</summary>
/// <param name="corpus">The documents.</param>
/// <param name="build">Builds the index.</param>
/// <param name="refresh">For how long the documents are taken as unchanged after a look at their version.</param>
/// <param name="time">The clock.</param>
internal sealed class VersionedIndex<T>(ICorpus corpus, Func<IReadOnlyList<SearchDocument>, Task<T>> build, TimeSpan refresh, TimeProvider time)
{
    private readonly Lock gate = new();
    private string? version;
    private long checkedAt;
    private Task<T>? index;

    /// <summary>The index of the documents as they are now. One caller's cancellation ends its own wait only; a failed build is not kept.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Current().WaitAsync(cancellationToken);
    }

    private Task<T> Current()
    {
        lock (gate)
        {
            if (index is { IsFaulted: false, IsCanceled: false } known && time.GetElapsedTime(checkedAt) < refresh) return known;
            var now = corpus.Version();
            checkedAt = time.GetTimestamp();
            if (index is { IsFaulted: false, IsCanceled: false } same && string.Equals(version, now, StringComparison.Ordinal)) return same;
            version = now;
            return index = Task.Run(async () => await build(await corpus.ReadAsync(CancellationToken.None)));
        }
    }
}
