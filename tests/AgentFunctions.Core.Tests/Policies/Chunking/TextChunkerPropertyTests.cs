using System.Globalization;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Chunking;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Chunking;

public sealed class TextChunkerPropertyTests
{
    private const string BoundsWithoutSpace = "。！？，、；：";

    [Fact]
    public void Split_AnyText_CoversAllThatIsVisible() => Holds((text, chunks, _) =>
    {
        var covered = new bool[text.Length];
        foreach (var chunk in chunks) covered.AsSpan(chunk.Start, chunk.Length).Fill(true);
        return Enumerable.Range(0, text.Length).All(index => covered[index] || char.IsWhiteSpace(text[index]));
    });

    [Fact]
    public void Split_AnyText_KeepsTheOrderWithoutOverlap() => Holds((_, chunks, _) => chunks.Zip(chunks.Skip(1)).All(pair => pair.First.End <= pair.Second.Start));

    [Fact]
    public void Split_AnyText_BeginsAndEndsVisibly() => Holds((text, chunks, _) =>
        chunks.All(chunk => chunk.Length > 0 && !char.IsWhiteSpace(text[chunk.Start]) && !char.IsWhiteSpace(text[chunk.End - 1])));

    [Fact]
    public void Split_AnyText_IsNeverTooLarge() => Holds((text, chunks, max) => chunks.All(chunk => TokenEstimate.Count(text.AsSpan(chunk.Start, chunk.Length)) <= max));

    [Fact]
    public void Split_AnyText_CutsOnlyWordsLargerThanAChunk() => Holds((text, chunks, max) => Inside(text, chunks).All(cut =>
        text[..cut].TrimEnd('」', '"', ')', '*').EndsWith('。') || BoundsWithoutSpace.Contains(text[cut - 1], StringComparison.Ordinal) || TokenEstimate.Count(WordAround(text, cut)) > max));

    [Fact]
    public void Split_AnyText_NeverCutsASurrogatePair() => Holds((text, chunks, _) => Inside(text, chunks).All(cut => !(char.IsHighSurrogate(text[cut - 1]) && char.IsLowSurrogate(text[cut]))));

    [Fact]
    public void Split_AnyText_CutsOnlyGraphemesLargerThanAChunk() => Holds((text, chunks, max) => Inside(text, chunks).All(cut =>
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        var at = Array.BinarySearch(starts, cut);
        if (at >= 0) return true;
        var next = ~at < starts.Length ? starts[~at] : text.Length;
        // A run of flags or of marks cut once is counted anew from the cut, so what follows it may differ from the whole text's clusters.
        return TokenEstimate.Count(text.AsSpan(starts[~at - 1], next - starts[~at - 1])) > max || chunks.Exists(chunk => chunk.Start > starts[~at - 1] && chunk.Start < cut);
    }));

    [Fact]
    public void Split_PlainWords_TakesAllThatFit()
    {
        var given = (from words in Gen.Choose(1, 12).Select(length => new string('w', length)).NonEmptyListOf() from tokens in Gen.Choose(3, 40) select (Text: string.Join(' ', words), tokens)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(given, sample =>
            TextChunker.Split(sample.Text, sample.tokens).SkipLast(1).All(chunk => TokenEstimate.Count(sample.Text.AsSpan(chunk.Start, EndOfWord(sample.Text, chunk.End + 1) - chunk.Start)) > sample.tokens)));
    }

    private static int EndOfWord(string text, int index) => text.IndexOf(' ', index) is >= 0 and var end ? end : text.Length;

    private static IEnumerable<int> Inside(string text, List<TextSpan> chunks) => chunks.Select(chunk => chunk.End).Where(end => end < text.Length && !char.IsWhiteSpace(text[end]));

    private static ReadOnlySpan<char> WordAround(string text, int index)
    {
        var (start, end) = (index, index);
        while (start > 0 && !char.IsWhiteSpace(text[start - 1])) start--;
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        return text.AsSpan(start, end - start);
    }

    private static void Holds(Func<string, List<TextSpan>, int, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(ChunkTexts.Any, given => property(given.Text, [.. TextChunker.Split(given.Text, given.MaxTokens)], given.MaxTokens)));
}
