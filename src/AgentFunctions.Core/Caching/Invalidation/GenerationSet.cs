namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>A worker's copies of an owner's documents.</summary>
internal sealed class GenerationSet
{
    private readonly GenerationCopy[] copies;

    /// <summary>Copies of which nothing is known yet.</summary>
    public GenerationSet(string owner)
    {
        Owner = owner;
        copies = [.. Enumerable.Range(0, GenerationScopes.Documents).Select(number => new GenerationCopy(owner, number))];
    }

    /// <summary>Whose it is.</summary>
    public string Owner { get; }

    /// <summary>The copy of a document.</summary>
    public GenerationCopy this[int number] => copies[number];
}
