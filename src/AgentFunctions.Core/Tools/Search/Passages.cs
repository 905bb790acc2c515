namespace AgentFunctions.Core.Tools.Search;

/// <summary>A passage with a query's words in it: its file, the place of the first such word, its length in words, and how often it has each.</summary>
internal sealed record Passage(string Path, int Offset, int Line, int Words, int[] Counts);

/// <summary>Counts the words of a query in passages: text between blank lines, of at most <see cref="LongestPassage"/> words.</summary>
internal sealed class Passages
{
    private const int LongestPassage = 150;
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

    /// <summary>The words of a text: runs of letters and digits.</summary>
    public static IEnumerable<Range> WordsOf(string text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            if (!char.IsLetterOrDigit(text[start])) continue;
            var end = start + 1;
            while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
            yield return start..end;
            start = end;
        }
    }

    /// <summary>Reads a file's text.</summary>
    public void Add(string path, string text)
    {
        int[]? counts = null;
        var (words, line, seen, hitOffset, hitLine) = (0, 1, 0, 0, 0);
        foreach (var word in WordsOf(text))
        {
            var (start, end) = (word.Start.Value, word.End.Value);
            var lines = text.AsSpan(seen, start - seen).Count('\n');
            if (words >= LongestPassage || (lines > 1 && words > 0)) Close();
            (line, seen) = (line + lines, start);
            words++;
            if (!terms.TryGetValue(text.AsSpan(start, end - start), out var term)) continue;
            if (counts is null) (counts, hitOffset, hitLine) = (new int[withTerm.Length], start, line);
            counts[term]++;
        }

        if (words > 0) Close();

        void Close()
        {
            (Count, Words) = (Count + 1, Words + words);
            if (counts is not null)
            {
                Found.Add(new Passage(path, hitOffset, hitLine, words, counts));
                for (var term = 0; term < counts.Length; term++) withTerm[term] += Math.Min(1, counts[term]);
            }

            (counts, words) = (null, 0);
        }
    }
}
