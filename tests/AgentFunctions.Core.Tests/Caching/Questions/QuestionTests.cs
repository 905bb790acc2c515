using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Caching.Questions;

public sealed class QuestionTests : IDisposable
{
    private readonly CacheWorld world = new();
    private readonly FakeMatcher matcher = new();

    public QuestionTests() => world.Options.Semantic.Enabled = true;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task GetOrMake_AnotherQuestionOfTheSameIntent_SaysWhoseAnswerItIs()
    {
        await world.Worker(matcher: new FakeMatcher()).GetOrMakeAsync(Ask("How do I pay?"), CacheWorld.Json, CacheWorld.Makes("with money", new Cost(5, 6, 0.1m)), default);
        var other = world.Worker(matcher: matcher);
        var result = await other.Ask("made", Ask("how do I pay"));

        Assert.Equal("with money", result.Value);
        Assert.Equal((CacheSource.Semantic, "How do I pay?", 0.99, 0.1m), (result.Note!.Source, result.Note.Question, result.Note.Score, result.Note.Saved!.Usd));
        Assert.Equal(CacheKey.Of(Ask("How do I pay?")).ToString(), result.Note.Key);
        Assert.Equal((1, 0), (other.Counts().SemanticHits, other.Counts().Misses));
        Assert.Equal("with money", await other.Kept(Ask("how do i pay...")));
    }

    [Fact]
    public async Task GetOrMake_NearQuestion_IsServedAndTheSameOneIsNoSemanticHit()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill"));

        var near = await cache.Ask("two", Ask("Pay the rent"));
        Assert.Equal(("one", CacheSource.Semantic, 0.9), (near.Value, near.Note!.Source, near.Note.Score));
        var same = await cache.Ask("two", Ask("Pay the bill"));
        Assert.Equal((CacheSource.Memory, null, null), (same.Note!.Source, same.Note.Question, same.Note.Score));
    }

    [Fact]
    public async Task GetOrMake_OtherTenantScopeMakerOrKind_IsNotMatched()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill"));
        var near = Ask("Pay the rent");

        Assert.Null(await cache.Kept(near with { Tenant = "other" }));
        Assert.Null(await cache.Kept(near with { Question = new("Pay the rent", "other") }));
        Assert.Null(await cache.Kept(near with { Maker = "capable" }));
        Assert.Null(await cache.Kept(near with { MakerVersion = "2" }));
        Assert.Null(await cache.Kept(near with { Kind = CacheKind.Reasoning }));
        Assert.Null(await cache.Kept(near with { Settings = new() { PromptVersion = "2" } }));
        Assert.Null(await cache.Kept(near with { Settings = new() { Semantic = false } }));
        Assert.Null(await cache.Kept(near with { Question = null }));
        Assert.Equal("one", await cache.Kept(near));
    }

    [Fact]
    public async Task GetOrMake_NotEnabledByTheHost_OnlyWhereTheCallWantsIt()
    {
        world.Options.Semantic.Enabled = false;
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill"));
        Assert.Equal(0, matcher.Questions);
        Assert.Null(await cache.Kept(Ask("Pay the rent")));

        await cache.Ask("two", Ask("Call the bank", new() { Semantic = true }));
        Assert.Equal("two", await cache.Kept(Ask("Call the boss", new() { Semantic = true })));
        Assert.Null(await cache.Kept(Ask("Call the boss")));
    }

    [Fact]
    public async Task GetOrMake_SharedEntries_ServeEveryTenantThatWantsThem()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill", new() { Shared = true }));
        var other = Ask("Pay the rent", new() { Shared = true }) with { Tenant = "other" };

        Assert.Equal("one", await cache.Kept(other));
        await cache.FeedbackAsync(new() { Tenant = "other", Key = CacheKey.Of(other).ToString(), Question = "Pay the rent", Matched = "Pay the bill", Right = false }, default);
        Assert.Null(await cache.Kept(other));
        Assert.Equal("one", await cache.Kept(Ask("Pay the rent", new() { Shared = true })));
    }

    [Fact]
    public async Task GetOrMake_TheOtherAnswerIsOverOrInvalidated_IsNotServedAndForgotten()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill", new() { Tags = ["t"] }));
        await cache.Ask("two", Ask("Call the bank"));
        await cache.InvalidateAsync(new() { Tag = "t" }, default);
        Assert.Null(await cache.Kept(Ask("Pay the rent")));
        Assert.Null(await cache.Kept(Ask("pay the bill!")));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await cache.Kept(Ask("Call the boss")));
        Assert.Equal(0, matcher.Questions);
    }

    [Fact]
    public async Task GetOrMake_AfterARestart_WhatIsFoundByItselfIsCompared()
    {
        await world.Worker(matcher: new FakeMatcher()).Ask("one", Ask("Pay the bill"));
        var cache = world.Worker(matcher: matcher);
        Assert.Null(await cache.Kept(Ask("Pay the rent")));
        Assert.Equal("one", await cache.Kept(Ask("Pay the bill")));
        Assert.Equal("one", await cache.Kept(Ask("Pay the rent")));
    }

    [Fact]
    public async Task GetOrMake_RefreshedAnswer_ServesTheOtherQuestionsToo()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill"));
        await cache.Ask("two", Ask("Pay the bill", new() { Mode = CacheMode.Refresh }));
        Assert.Equal("two", await cache.Kept(Ask("Pay the rent")));
        Assert.Equal("three", (await cache.Ask("three", Ask("Pay the rent", new() { Mode = CacheMode.Refresh }))).Value);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(null)]
    public async Task GetOrMake_NothingToCompareOrTooMuch_IsMatchedExactlyOnly(string? question)
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask(question ?? new string('x', 1001)));
        Assert.Equal(0, matcher.Questions);
        Assert.Equal("one", await cache.Kept(Ask(question ?? new string('x', 1001))));
    }

    [Fact]
    public async Task GetOrMake_MatcherFails_IsAMissAndNoFailure()
    {
        var cache = world.Worker(matcher: matcher);
        matcher.Fails = true;

        Assert.Equal("one", (await cache.Ask("one", Ask("Pay the bill"))).Value);
        Assert.Equal("one", await cache.Kept(Ask("Pay the bill")));
        Assert.Contains(world.Log.Lines, line => line.Event == 2408);
    }

    [Fact]
    public async Task Feedback_WrongForAnotherQuestion_IsNeverMatchedAgainOnAnyWorker()
    {
        var (cache, other) = (world.Worker(matcher: matcher), world.Worker(matcher: new FakeMatcher()));
        await cache.Ask("one", Ask("Pay the bill"));
        Assert.Equal("one", await other.Kept(Ask("Pay the bill")));
        Assert.Equal("one", await other.Kept(Ask("Pay the rent")));

        var receipt = await cache.FeedbackAsync(Feedback("Pay the rent", "Pay the bill", right: false), default);
        Assert.Equal((0.81, false), (receipt.Threshold, receipt.Invalidated));
        Assert.Null(await cache.Kept(Ask("Pay the rent")));
        Assert.Equal("one", await cache.Kept(Ask("Pay the bill")));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await other.Kept(Ask("Pay the rent")));
        Assert.Null(await world.Worker(matcher: new FakeMatcher()).Kept(Ask("Pay the rent")));
        Assert.Equal((1, 0.81), (cache.Counts().FalseHits, other.Report().Thresholds["acme"]));
    }

    [Fact]
    public async Task Feedback_OfTwoWorkersAtOnce_IsJoined()
    {
        var (one, two) = (world.Worker(matcher: matcher), world.Worker(matcher: new FakeMatcher()));
        world.Store.Before = (what, key, _) =>
        {
            if (what != "set" || key!.Partition.Kind != "feedback") return Task.CompletedTask;
            world.Store.Before = (_, _, _) => Task.CompletedTask;
            return two.FeedbackAsync(Feedback("Pay b", "Pay a", right: false), default);
        };
        await one.FeedbackAsync(Feedback("Pay c", "Pay a", right: false), default);

        var fresh = new FakeMatcher();
        await world.Worker(matcher: fresh).Kept(Ask("Pay x"));
        Assert.Null(fresh.Judge("acme", "Pay b", "Pay a"));
        Assert.Null(fresh.Judge("acme", "Pay c", "Pay a"));
        Assert.NotNull(fresh.Judge("acme", "Pay d", "Pay a"));
    }

    [Fact]
    public async Task Feedback_WrongForItsOwnQuestion_InvalidatesTheEntry()
    {
        var cache = world.Worker(matcher: matcher);
        await cache.Ask("one", Ask("Pay the bill"));
        await cache.Ask("two", Ask("Call the bank"));

        Assert.True((await cache.FeedbackAsync(Feedback("Pay the bill", null, right: false), default)).Invalidated);
        Assert.Null(await cache.Kept(Ask("Pay the bill")));
        Assert.Equal("two", await cache.Kept(Ask("Call the bank")));
        Assert.False((await cache.FeedbackAsync(Feedback("Call the bank", "Call the bank", right: true), default)).Invalidated);
        Assert.Equal("two", await cache.Kept(Ask("Call the bank")));
        Assert.Equal(1, cache.Counts().FalseHits);
    }

    [Fact]
    public async Task Feedback_SavedOneIsDamaged_IsToldAndWrittenAnew()
    {
        await world.Inner.SetAsync(StorePlaces.Feedback("acme"), new byte[] { 1, 2, 3 }, null, WriteCondition.Always, default);
        var cache = world.Worker(matcher: matcher);
        await cache.FeedbackAsync(Feedback("Pay b", "Pay a", right: false), default);
        Assert.Contains(world.Log.Lines, line => line.Event == 2411);

        var fresh = new FakeMatcher();
        await world.Worker(matcher: fresh).Kept(Ask("Pay x"));
        Assert.Null(fresh.Judge("acme", "Pay b", "Pay a"));
    }

    [Fact]
    public async Task Feedback_StoreIsDownOrItDoesNotFit_SaysSo()
    {
        var cache = world.Worker(matcher: matcher);
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.FeedbackAsync(Feedback(" ", null, right: true), default));
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.FeedbackAsync(Feedback("a", null, right: true) with { Key = "12" }, default));
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.FeedbackAsync(Feedback("a", null, right: true) with { Tenant = "Acme" }, default));
        world.Store.Before = (_, _, _) => throw new IOException("No way to the store.");
        await Assert.ThrowsAsync<CacheUnavailableException>(() => cache.FeedbackAsync(Feedback("a", "b", right: true), default));
    }

    private static CacheRequest Ask(string question, CacheSettings? settings = null) => CacheWorld.Request($"Answer: {question}", settings, question: new(question, "instructions"));

    private static CacheFeedback Feedback(string question, string? matched, bool right) => new() { Tenant = "acme", Key = CacheKey.Of(Ask(matched ?? question)).ToString(), Question = question, Matched = matched, Right = right };
}
