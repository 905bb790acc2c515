using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Tests.Policies.Voting;

public sealed class AnswerExtractionTests
{
    [Theory]
    [InlineData(null, "It is 42.", "it is 42")]
    [InlineData(@"answer is (?<answer>\d+)", "The answer is 41. No: the answer is 42.", "42")]
    [InlineData(@"answer is (\d+)", "The answer is 42", "42")]
    [InlineData(@"\d+", "six times seven is 42", "42")]
    [InlineData(@"\d+", "forty-two", null)]
    public void VoteOf_Pattern_TakesTheLastMatch(string? pattern, string answer, string? vote) => Assert.Equal(vote, new AnswerExtraction { Pattern = pattern }.VoteOf(answer));

    [Theory]
    [InlineData("Spam", "spam")]
    [InlineData("This is spam.", "spam")]
    [InlineData("It is Not Spam!", "not spam")]
    [InlineData("spam or not spam", "not spam")]
    [InlineData("spammy", null)]
    [InlineData("ham", null)]
    [InlineData("spam? no: urgent", null)]
    public void VoteOf_Labels_NamesOneOrNone(string answer, string? vote) => Assert.Equal(vote, new AnswerExtraction { Labels = ["Spam", "Not spam", "Urgent"] }.VoteOf(answer));

    [Fact]
    public void VoteOf_LongAnswers_AreCutAndStillToldApart()
    {
        var extraction = new AnswerExtraction();
        var one = extraction.VoteOf(new string('a', 5_000) + "x")!;
        var other = extraction.VoteOf(new string('a', 5_000) + "y")!;
        Assert.NotEqual(one, other);
        Assert.True(one.Length <= AnswerExtraction.LongestVote, one);
        Assert.Equal(one, extraction.VoteOf("  " + new string('A', 5_000) + "X. "));
    }

    [Fact]
    public void VoteOf_HostilePattern_EndsSoon()
    {
        // Quadratic at worst in a linear-time engine; exponential in a backtracking one.
        var hostile = new AnswerExtraction { Pattern = "(a+)+$" };
        Assert.Null(hostile.VoteOf(new string('a', 200) + "!"));
    }
}
