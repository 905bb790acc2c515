using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Semantics;

namespace AgentFunctions.Core.Caching.Semantics;

/// <summary>
/// Finds earlier questions that mean the same, by what they say in words: without a model, and so that it would rather miss than be wrong. Two tiers: the same intent, then those that share words (locality-sensitive hashing),
/// both behind the guard of <see cref="Likeness"/>. Safe for many callers.
/// </summary>
public sealed class SemanticMatcher : ISemanticMatcher
{
    private const int MostSameIntent = 8;
    private const int MostCandidates = 16;
    private const int MostMatches = 8;

    private readonly QuestionIndex index;
    private readonly TermRarity rarity = new();
    private readonly LearnedThresholds learned;
    private readonly Lock gate = new();

    /// <summary>Makes one without questions.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public SemanticMatcher(SemanticOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Errors() is { Count: > 0 } errors) throw new ArgumentException(string.Join(' ', errors), nameof(options));
        index = new QuestionIndex(options.MostQuestions);
        learned = new LearnedThresholds(options);
    }

    /// <summary>How many questions are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate) return index.Live;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Thresholds => learned.All();

    /// <inheritdoc/>
    public double ThresholdOf(string tenant) => learned.Of(tenant);

    /// <inheritdoc/>
    public string? IntentOf(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return MeaningReader.Read(question)?.Intent;
    }

    /// <inheritdoc/>
    public double? Judge(string tenant, string question, string earlier)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(earlier);
        return MeaningReader.Read(question) is { } one && MeaningReader.Read(earlier) is { } other ? Judge(tenant, Fnv.Of(tenant), one, other) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SemanticMatch> Nearest(string tenant, string scope, string question)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (MeaningReader.Read(question) is not { } meaning) return [];
        var place = ScopeOf(tenant, scope);
        var signature = Signature.Of(place, meaning);
        var candidates = new List<QuestionIndex.Candidate>();

        // Only a tenant whose threshold feedback has lowered can have a hit where a word is missing: for others one band is enough.
        var sameWords = learned.Of(tenant) > Likeness.MostWithMissingWord;
        var bands = !meaning.IsUnderstood ? 0 : sameWords ? 1 : Signature.Count - 1;
        lock (gate)
        {
            index.Find(place, signature, meaning.Kept, 0, sameWords: false, MostSameIntent, candidates);
            for (var band = 1; band <= bands; band++) index.Find(place, signature, meaning.Kept, band, sameWords, MostCandidates, candidates);
        }

        if (candidates.Count == 0) return [];
        var weights = Fnv.Of(tenant);
        List<SemanticMatch> matches = [];
        foreach (var candidate in candidates)
        {
            if (MeaningReader.Read(candidate.Question) is { } other && Judge(tenant, weights, meaning, other) is { } score) matches.Add(new SemanticMatch(candidate.Key, candidate.Question, score));
        }

        return matches.Count < 2 ? matches : [.. matches.OrderByDescending(match => match.Score).Take(MostMatches)];
    }

    /// <inheritdoc/>
    public void Add(string tenant, string scope, string question, string key)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > 1024 || MeaningReader.Read(question) is not { } meaning) return;
        var place = ScopeOf(tenant, scope);
        var signature = Signature.Of(place, meaning);
        var weights = Fnv.Of(tenant);
        lock (gate)
        {
            index.Add(place, signature, meaning.Kept, question, key);
            rarity.Add(weights, meaning);
        }
    }

    /// <inheritdoc/>
    public void Remove(string tenant, string scope, string key)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(key);
        lock (gate) index.Remove(ScopeOf(tenant, scope), key);
    }

    /// <inheritdoc/>
    public double Learn(string tenant, string question, string earlier, bool right)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(earlier);

        // A word on a question and itself says something of the answer, and nothing of how questions are matched.
        if (MeaningReader.Read(question) is not { } one || MeaningReader.Read(earlier) is not { } other || one.Exact == other.Exact) return learned.Of(tenant);
        var weights = Fnv.Of(tenant);
        var score = Likeness.Of(one, other, term => rarity.WeightOf(weights, term));
        return learned.Change(tenant, state => score is null && right ? state : state.With(PairOf(one, other), score ?? 0, right));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Save(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return learned.StateOf(tenant).Save();
    }

    /// <inheritdoc/>
    public void Load(string tenant, ReadOnlyMemory<byte> saved)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        var other = FeedbackState.Load(saved.Span);
        learned.Change(tenant, state => state.Joined(other));
    }

    private static UInt128 ScopeOf(string tenant, string scope)
    {
        var length = Encoding.UTF8.GetMaxByteCount(tenant.Length + scope.Length) + 1;
        var bytes = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        var written = Encoding.UTF8.GetBytes(tenant, bytes);
        bytes[written++] = 0;
        written += Encoding.UTF8.GetBytes(scope, bytes[written..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..written], hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>A pair by its intents, so that a wrong pair is wrong in all wordings; by its words where the intents are one.</summary>
    private static ulong PairOf(Meaning one, Meaning other) =>
        one.Intent == other.Intent ? FeedbackState.PairOf("=" + one.Exact, "=" + other.Exact) : FeedbackState.PairOf(one.Intent, other.Intent);

    private double? Judge(string tenant, ulong weights, Meaning one, Meaning other)
    {
        if (one.Exact == other.Exact) return 1;
        var score = Likeness.Of(one, other, term => rarity.WeightOf(weights, term));
        return score >= learned.Of(tenant) && !learned.IsWrong(tenant, PairOf(one, other)) ? score : null;
    }
}
