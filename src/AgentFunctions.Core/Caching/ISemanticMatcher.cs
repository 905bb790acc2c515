namespace AgentFunctions.Core.Caching;

/// <summary>Finds earlier questions that mean the same. In memory; it knows nothing of answers or their lifetimes.</summary>
public interface ISemanticMatcher
{
    /// <summary>A text that is equal for questions of the same intent and with the same negation, numbers, names and direction; null where the question has too little or too much to go by.</summary>
    /// <param name="question">The question.</param>
    string? IntentOf(string question);

    /// <summary>Whether an answer to one question will do for another, by the guard and the tenant's threshold; null where it won't.</summary>
    /// <param name="tenant">Whose threshold.</param>
    /// <param name="question">The question asked.</param>
    /// <param name="earlier">The question answered.</param>
    /// <returns>The score, 0 to 1.</returns>
    double? Judge(string tenant, string question, string earlier);

    /// <summary>The earlier questions that will do, best first.</summary>
    /// <param name="tenant">Whose questions and threshold.</param>
    /// <param name="scope">Only questions of this scope are compared.</param>
    /// <param name="question">The question asked.</param>
    IReadOnlyList<SemanticMatch> Nearest(string tenant, string scope, string question);

    /// <summary>Remembers a question whose answer is kept.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="question">The question.</param>
    /// <param name="key">The answer's key.</param>
    void Add(string tenant, string scope, string question, string key);

    /// <summary>Forgets a question whose answer is gone.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="key">The answer's key.</param>
    void Remove(string tenant, string scope, string key);

    /// <summary>Learns from a person's word on a pair.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="question">The question asked.</param>
    /// <param name="earlier">The question whose answer was given.</param>
    /// <param name="right">Whether that was right. A wrong pair is never matched again.</param>
    /// <returns>The tenant's threshold from now on.</returns>
    double Learn(string tenant, string question, string earlier, bool right);

    /// <summary>What a tenant's feedback has taught, to be stored; empty where there is none.</summary>
    /// <param name="tenant">Whose.</param>
    ReadOnlyMemory<byte> Save(string tenant);

    /// <summary>Takes over what another worker, or this one before it restarted, has saved; what was learned since is joined with it.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="saved">What <see cref="Save"/> gave. What can't be read is refused.</param>
    /// <exception cref="InvalidDataException">This is nothing that Save gave.</exception>
    void Load(string tenant, ReadOnlyMemory<byte> saved);

    /// <summary>A tenant's threshold: that of the host where it has no feedback.</summary>
    /// <param name="tenant">Whose.</param>
    double ThresholdOf(string tenant);

    /// <summary>The thresholds of tenants with feedback.</summary>
    IReadOnlyDictionary<string, double> Thresholds { get; }
}

/// <summary>An earlier question that will do.</summary>
/// <param name="Key">Its answer's key.</param>
/// <param name="Question">The earlier question.</param>
/// <param name="Score">How alike they are, 0 to 1.</param>
public sealed record SemanticMatch(string Key, string Question, double Score);
