using AgentFunctions.Core.Caching.Semantics;

namespace AgentFunctions.Core.Tests.Caching.Semantics;

public class SemanticMatcherTests
{
    private readonly SemanticMatcher matcher = new(new SemanticOptions { MostQuestions = 1024 });

    [Fact]
    public void Nearest_SameMeaning_FoundWithScoreAndKey()
    {
        matcher.Add("t", "s", "How do I reset my password?", "ab01");
        matcher.Add("t", "s", "How do I close my account?", "ab02");
        var match = Assert.Single(matcher.Nearest("t", "s", "hello, could you tell me how to reset my password?"));
        Assert.Equal(("ab01", "How do I reset my password?"), (match.Key, match.Question));
        Assert.InRange(match.Score, 0.9, 1);
    }

    [Fact]
    public void Nearest_Turned_Found()
    {
        matcher.Add("t", "s", "How do I vote in Germany?", "k");
        Assert.Single(matcher.Nearest("t", "s", "In Germany, how do I vote?"));
    }

    [Fact]
    public void Nearest_OtherTenantOrScope_Nothing()
    {
        matcher.Add("t", "s", "How do I reset my password?", "k");
        Assert.Empty(matcher.Nearest("u", "s", "How do I reset my password?"));
        Assert.Empty(matcher.Nearest("t", "z", "How do I reset my password?"));
    }

    [Fact]
    public void Nearest_OtherScript_OnlyTheSame()
    {
        matcher.Add("t", "s", "我的卡在哪里", "k");
        Assert.Single(matcher.Nearest("t", "s", "我的卡在哪里？"));
        Assert.Empty(matcher.Nearest("t", "s", "我的卡不在哪里"));
    }

    [Fact]
    public void Nearest_Removed_Nothing()
    {
        matcher.Add("t", "s", "Where is my card?", "k");
        matcher.Remove("t", "s", "k");
        matcher.Remove("t", "s", "never there");
        Assert.Empty(matcher.Nearest("t", "s", "Where is my card?"));
        Assert.Equal(0, matcher.Count);
    }

    [Fact]
    public void Add_SameKeyTwice_OneQuestion()
    {
        matcher.Add("t", "s", "Where is my card?", "k");
        matcher.Add("t", "s", "Where is the card?", "k");
        Assert.Equal(1, matcher.Count);
        Assert.Equal("Where is the card?", Assert.Single(matcher.Nearest("t", "s", "where is my card")).Question);
    }

    [Fact]
    public void Add_MoreThanMost_OldestGo()
    {
        for (var i = 0; i < 5000; i++) matcher.Add("t", "s", $"Where is order {i}?", $"k{i}");
        Assert.InRange(matcher.Count, 1024 - 256, 1024);
        Assert.Empty(matcher.Nearest("t", "s", "where is order 3?"));
        for (var i = 4300; i < 5000; i++) Assert.Equal($"k{i}", Assert.Single(matcher.Nearest("t", "s", $"where is my order {i}")).Key);
    }

    [Fact]
    public void Learn_Wrong_PairIsBlockedInAllWordings()
    {
        Assert.NotNull(matcher.Judge("t", "I want to see my card", "How do I see my card?"));
        matcher.Learn("t", "My top up was rejected", "my top-up has been declined", right: false);
        Assert.Null(matcher.Judge("t", "My top up was rejected", "my top-up has been declined"));
        Assert.NotNull(matcher.Judge("other", "My top up was rejected", "my top-up has been declined"));
    }

    [Fact]
    public void Learn_ManyRight_LowersThresholdOfThatTenantOnly()
    {
        for (var i = 0; i < 400; i++) matcher.Learn("t", $"Where is my virtual card {i}?", $"Where is my card {i}?", right: true);
        Assert.InRange(matcher.Thresholds["t"], 0.6, 0.84);
        Assert.NotNull(matcher.Judge("t", "Where can I find my virtual card?", "Where can I find my card?"));
        Assert.Null(matcher.Judge("u", "Where can I find my virtual card?", "Where can I find my card?"));
        Assert.Null(matcher.Judge("t", "Where can I find my card?", "Where can't I find my card?"));
    }

    [Fact]
    public void Load_WhatAnotherSaved_Joined()
    {
        var other = new SemanticMatcher(new SemanticOptions());
        other.Learn("t", "My top up was rejected", "my top-up has been declined", right: false);
        matcher.Load("t", other.Save("t"));
        matcher.Load("t", other.Save("t"));
        Assert.Equal(other.Save("t").ToArray(), matcher.Save("t").ToArray());
        Assert.Null(matcher.Judge("t", "My top up was rejected", "my top-up has been declined"));
        Assert.Equal(0, matcher.Save("nobody").Length);
        Assert.Throws<InvalidDataException>(() => matcher.Load("t", new byte[] { 7, 7 }));
    }

    [Fact]
    public void IntentOf_TenKilobytesOrNothing_Null()
    {
        Assert.Null(matcher.IntentOf(string.Concat(Enumerable.Repeat("how do I ", 1200))));
        Assert.Null(matcher.IntentOf(""));
        Assert.Null(matcher.Judge("t", "", ""));
        matcher.Add("t", "s", "", "k");
        Assert.Empty(matcher.Nearest("t", "s", ""));
    }

    [Fact]
    public async Task Nearest_ManyAtOnce_NeverAnothersAnswer()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (worker, _) =>
        {
            await Task.Yield();
            for (var i = 0; i < 1500; i++)
            {
                matcher.Add($"t{worker}", "s", $"Where is order {i % 100}?", $"{worker}-{i % 100}");
                foreach (var match in matcher.Nearest($"t{worker}", "s", $"where is my order {i % 50}")) Assert.Equal($"{worker}-{i % 50}", match.Key);
                if (i % 7 == 0) matcher.Remove($"t{worker}", "s", $"{worker}-{i % 100}");
            }
        });
    }

    [Fact]
    public void Options_OutOfRange_RefusedByName()
    {
        var options = new SemanticOptions { LongestQuestion = 0, Threshold = 0.4, Floor = 0.7, Budget = 0, MostQuestions = 1, MostTenants = 0 };
        Assert.Equal(6, options.Errors().Count);
        Assert.Contains("Cache:Semantic:Budget is 0. It must be 0.001 to 0.2.", Assert.Throws<ArgumentException>(() => new SemanticMatcher(options)).Message, StringComparison.Ordinal);
        Assert.Empty(new SemanticOptions().Errors());
    }
}
