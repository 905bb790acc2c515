namespace AgentFunctions.Core.Tools.Search;

/// <summary>A passage with a query's words in it: its file, the place of the first such word, its length in words, and how often it has each.</summary>
internal sealed record Passage(string Path, int Offset, int Line, int Words, int[] Counts);

/// <summary>Counts the words of a query in passages; see <see cref="PassageBounds"/>.</summary>
internal sealed class Passages
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms;
    private readonly int[] withTerm;

    public Passages(IReadOnlyList<string> terms)
    {
        var numbered = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var term in terms) numbered.TryAdd(term, numbered.Count);
        this.terms = numbered.GetAlternateLookup<ReadOnlySpan<char>>();
        withTerm = new int[numbered.Count];
    }

    /// <summary>How many passages were read.</summary>
    public int Count { get; private set; }

    /// <summary>How many words they have together.</summary>
    public long Words { get; private set; }

    /// <summary>The passages with a word of the query.</summary>
    public List<Passage> Found { get; } = [];

    /// <summary>In how many passages each word of the query is.</summary>
    public ReadOnlySpan<int> WithTerm => withTerm;

    /// <summary>Reads a file's text.</summary>
    public void Add(string path, string text)
    {
        foreach (var passage in PassageBounds.Of(text))
        {
            (Count, Words) = (Count + 1, Words + passage.Words);
            AddFound(path, text, passage);
        }
    }

    private void AddFound(string path, string text, PassageBounds passage)
    {
        int[]? counts = null;
        var (hitOffset, hitLine) = (0, 0);
        foreach (var word in PassageBounds.WordsOf(text, passage.Start, passage.End))
        {
            var (start, end) = (word.Start.Value, word.End.Value);
            if (!terms.TryGetValue(text.AsSpan(start, end - start), out var term)) continue;
            if (counts is null) (counts, hitOffset, hitLine) = (new int[withTerm.Length], start, passage.Line + text.AsSpan(passage.Start, start - passage.Start).Count('\n'));
            counts[term]++;
        }

        if (counts is null) return;
        Found.Add(new Passage(path, hitOffset, hitLine, passage.Words, counts));
        for (var term = 0; term < counts.Length; term++) withTerm[term] += Math.Min(1, counts[term]);
    }
}
