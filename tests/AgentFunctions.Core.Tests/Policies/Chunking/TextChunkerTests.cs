using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Chunking;

namespace AgentFunctions.Core.Tests.Policies.Chunking;

public sealed class TextChunkerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\u00a0\r\n ")]
    public void Split_NothingVisible_IsEmpty(string text) => Assert.Empty(TextChunker.Split(text, 50));

    [Fact]
    public void Split_ThatFits_IsOneChunkWithoutTheSpaceAround() => Assert.Equal(["One.\n\nTwo."], Chunks("  One.\n\nTwo.\n", 50));

    [Fact]
    public void Split_SmallParagraphs_ArePackedTogether() =>
        Assert.Equal(["First one here.\n\nSecond one here.", "Third one here.\n\nFourth one here."], Chunks("First one here.\n\nSecond one here.\n\nThird one here.\n\nFourth one here.", 9));

    [Fact]
    public void Split_LongParagraph_EndsAtASentence() =>
        Assert.Equal(["It rained. Then it stopped.", "Nobody went out that day."], Chunks("It rained. Then it stopped. Nobody went out that day.", 8));

    [Fact]
    public void Split_HeadingBeforeLongParagraph_StaysWithIt() =>
        Assert.Equal(["Heading\n\nIt rained. Then it stopped.", "Nobody went out that day."], Chunks("Heading\n\nIt rained. Then it stopped. Nobody went out that day.", 11));

    [Fact]
    public void Split_LongSentence_EndsAtALineThenAWord()
    {
        Assert.Equal(["one two three", "four five six seven"], Chunks("one two three\nfour five six seven", 5));
        Assert.Equal(["one two three four", "five six seven"], Chunks("one two three four five six seven", 5));
    }

    [Fact]
    public void Split_LongWord_IsCutAndItsEndPackedOn() =>
        Assert.Equal(["see", "abcdefghijklmnopqrst", "uvwxyz and more"], Chunks("see abcdefghijklmnopqrstuvwxyz and more", 5));

    [Fact]
    public void Split_WordThatFits_IsNotCut() => Assert.Equal(["see", "abcdefghijklmnopqrst", "and"], Chunks("see abcdefghijklmnopqrst and", 5));

    [Theory]
    [InlineData("Then Mr. Smith spoke to us all again.", "Then Mr.")]
    [InlineData("In the U.S. Congress they met once more today.", "In the U.S.")]
    [InlineData("About 2 p.m. they left the house at last again.", "About 2 p.m.")]
    [InlineData("It costs 1.5 million in all, so they say here.", "It costs 1.")]
    public void Split_PointThatEndsNoSentence_IsNoBound(string text, string notAChunk) => Assert.DoesNotContain(notAChunk, Chunks(text, 9));

    [Theory]
    [InlineData("He said \"Go.\" Then they all went away together.", "He said \"Go.\"")]
    [InlineData("Is it so? Nobody had any idea of it at all.", "Is it so?")]
    [InlineData("(So it was.) Nobody had any idea of it at all.", "(So it was.)")]
    public void Split_SentenceWithMarks_EndsAfterThem(string text, string first) => Assert.Equal(first, Chunks(text, 9)[0]);

    [Fact]
    public void Split_Chinese_EndsAtItsStops() => Assert.Equal(["今天下雨。", "他们没有出门。", "明天会好。"], Chunks("今天下雨。他们没有出门。明天会好。", 8));

    [Fact]
    public void Split_Emoji_AreNotCutApart() => Assert.Equal(["👍👍", "👍👍", "👍"], Chunks("👍👍👍👍👍", 4));

    [Fact]
    public void Split_JoinedEmoji_StaysWholeWhereItFits() => Assert.Equal(["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"], Chunks("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12));

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-5)]
    public void Split_TooFewTokens_IsRefusedAtOnce(int tokens) => Assert.Throws<ArgumentOutOfRangeException>(() => TextChunker.Split("x", tokens));

    [Fact]
    public void Split_MostTokens_DoesNotOverflow() => Assert.Equal(["a b"], Chunks("a b", int.MaxValue));

    [Fact]
    public void Split_RealTexts_FillsChunksAndEndsThemAtSentences()
    {
        var ends = new List<bool>();
        foreach (var text in ChunkTexts.RealFiles().Select(File.ReadAllText))
        {
            var chunks = Chunks(text, 500);
            Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(TokenEstimate.Count(chunk), 250, 500));
            ends.AddRange(chunks.Select(chunk => chunk.TrimEnd('"', '\'', ')', ']')[^1] is '.' or '?' or '!'));
            Assert.Equal(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), chunks.SelectMany(chunk => chunk.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }

        Assert.True(ends.Count > 200, $"There are only {ends.Count} chunks.");
        Assert.True(ends.Count(end => end) >= 0.99 * ends.Count, $"{ends.Count(end => !end)} of {ends.Count} chunks end inside a sentence.");
    }

    // The bound on time is generous, because machines are slow at times; what is not linear takes minutes here.
    [Theory]
    [InlineData("A sentence of some words, as they come. ")]
    [InlineData("word ")]
    [InlineData("x")]
    [InlineData("漢")]
    [InlineData("слово и слово. ")]
    [InlineData(".")]
    [InlineData("\")")]
    [InlineData("a\u0301")]
    [InlineData("\n")]
    [InlineData("x\n\n")]
    [InlineData("🇩🇪")]
    public void Split_MillionCharacters_TakesLinearTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var length = TextChunker.Split(text, 2000).Sum(chunk => (long)chunk.Length);
        Assert.InRange(length, 0, text.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void TokenEstimate_Token_HasAtMostFourCharacters() =>
        Assert.All(Enumerable.Range(0, 0x10000), code => Assert.Equal(100, Math.Min(100, TokenEstimate.Count(new string((char)code, 400)))));

    private static List<string> Chunks(string text, int tokens) => [.. TextChunker.Split(text, tokens).Select(span => text.Substring(span.Start, span.Length))];
}
