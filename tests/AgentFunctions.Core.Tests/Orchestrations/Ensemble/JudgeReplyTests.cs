using AgentFunctions.Core.Orchestrations.Ensemble;

namespace AgentFunctions.Core.Tests.Orchestrations.Ensemble;

public sealed class JudgeReplyTests
{
    [Theory]
    [InlineData("2", 1)]
    [InlineData(" Candidate 3.\n", 2)]
    [InlineData("0", null)]
    [InlineData("4", null)]
    [InlineData("-1", null)]
    [InlineData("1 and 2", null)]
    [InlineData("The best is 2", null)]
    [InlineData("2\nBecause", null)]
    [InlineData("٢", null)]
    [InlineData("", null)]
    public void Choice_Reply_IsOneNumberInRangeOrNothing(string reply, int? place)
    {
        var read = JudgeReply.Choice(reply, 3);
        Assert.Equal(place is { } at ? [at] : [], read.Best);
        Assert.Equal(place is null, read.Fault is not null);
    }

    [Theory]
    [InlineData("1: 7\n2: 9.5\n3: 0", "1")]
    [InlineData("candidate 3 = 10\r\n1: 10\n\n2: 1", "0,2")]
    [InlineData("1: 7\n2: 9", null)]
    [InlineData("1: 7\n2: 9\n2: 8\n3: 1", null)]
    [InlineData("1: 7\n2: 11\n3: 1", null)]
    [InlineData("1: 7\n2: 9\n4: 1", null)]
    [InlineData("Scores:\n1: 7\n2: 9\n3: 1", null)]
    [InlineData("1: -7\n2: 9\n3: 1", null)]
    [InlineData("2", null)]
    public void Scored_Reply_IsAScoreForEachOrNothing(string reply, string? best)
    {
        var read = JudgeReply.Scored(reply, 3);
        Assert.Equal(best ?? "", string.Join(',', read.Best));
        Assert.Equal(best is null, read.Fault is not null);
    }
}
