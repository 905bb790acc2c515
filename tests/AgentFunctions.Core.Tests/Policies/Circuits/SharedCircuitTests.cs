using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.CircuitBreaker;
using AgentFunctions.Core.Policies.Circuits;
using AgentFunctions.Core.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Circuits;

public sealed class SharedCircuitTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CircuitSettings Settings = new() { BreakDuration = TimeSpan.FromSeconds(4), LongestBreak = TimeSpan.FromSeconds(60), ProbeLease = TimeSpan.FromSeconds(10) };
    private static readonly JsonSerializerOptions Json = DurableJson.CreateOptions(CircuitBreakerJsonContext.Default);
    private readonly IEntityDefinition entity = new CircuitBreakerEntity();
    private ReadOnlyMemory<byte> saved;
    private DateTimeOffset now = Start;

    private SharedCircuitState State => (SharedCircuitState)entity.ReadState(saved, Json);

    [Fact]
    public void Tell_Opened_IsOpenForTheBreakAndSaysWhatFailed()
    {
        Tell("a", CircuitNews.Opened, failures: 5, failure: "TimeoutException");
        var state = State;
        Assert.Equal((1, true, Start, Start.AddSeconds(4), 1, 5, "TimeoutException"), (state.Version, state.IsOpen, state.Since, state.OpenUntil, state.Opened, state.Failures, state.LastFailure));
    }

    [Fact]
    public void Tell_TwoWorkersOpenAtOnce_IsOneOpening()
    {
        Tell("a", CircuitNews.Opened);
        Tell("b", CircuitNews.Opened, version: 0);
        Assert.Equal((1, 1), (State.Version, State.Opened));
    }

    [Fact]
    public void Tell_AsksToProbe_OneGetsItAndTheOtherIsToldWhenToComeBack()
    {
        Tell("a", CircuitNews.Opened);
        Tell("a", CircuitNews.AsksToProbe, number: 1);
        Assert.Equal(new CircuitAnswer(1, Granted: false, TimeSpan.FromSeconds(4)), State.Answers["a"]);
        now += TimeSpan.FromSeconds(4);
        Tell("b", CircuitNews.AsksToProbe, number: 1);
        Tell("a", CircuitNews.AsksToProbe, number: 2);
        Assert.Equal(new CircuitAnswer(1, Granted: true, TimeSpan.Zero), State.Answers["b"]);
        Assert.Equal(new CircuitAnswer(2, Granted: false, TimeSpan.FromSeconds(1)), State.Answers["a"]);
        Assert.Equal(new CircuitProbe("b", 1, now.AddSeconds(10)), State.Probe);
    }

    [Fact]
    public void Tell_ProberDies_AnotherGetsTheProbeAfterItsLease()
    {
        Tell("a", CircuitNews.Opened);
        now += TimeSpan.FromSeconds(4);
        Tell("b", CircuitNews.AsksToProbe, number: 1);
        now += TimeSpan.FromSeconds(10);
        Tell("a", CircuitNews.AsksToProbe, number: 1);
        Assert.Equal("a", State.Probe!.Worker);
    }

    [Fact]
    public void Tell_Released_TheNextMayProbeAtOnce()
    {
        Tell("a", CircuitNews.Opened);
        now += TimeSpan.FromSeconds(4);
        Tell("b", CircuitNews.AsksToProbe, number: 1);
        Tell("b", CircuitNews.Released, number: 1);
        Tell("a", CircuitNews.AsksToProbe, number: 1);
        Assert.Equal("a", State.Probe!.Worker);
    }

    [Fact]
    public void Tell_ProbeFails_TheBreakDoublesAndItStaysBrokenSinceTheFirst()
    {
        Tell("a", CircuitNews.Opened);
        now += TimeSpan.FromSeconds(4);
        Tell("b", CircuitNews.AsksToProbe, number: 1);
        Tell("b", CircuitNews.Opened);
        Assert.Equal((2, now.AddSeconds(8), Start, 2), (State.Version, State.OpenUntil, State.Since, State.Opened));
        Assert.Null(State.Probe);
    }

    [Fact]
    public void Tell_Closed_IsForgottenButForTheCount()
    {
        Tell("a", CircuitNews.Opened);
        Tell("a", CircuitNews.Closed);
        Assert.Equal((2, false, null, null, 1), (State.Version, State.IsOpen, State.Since, State.OpenUntil, State.Opened));
        Tell("b", CircuitNews.Opened, version: 1);
        Assert.False(State.IsOpen);
    }

    [Fact]
    public void Tell_TheClockIsSetBackADay_NeitherBreakNorLeaseIsLonger()
    {
        Tell("a", CircuitNews.Opened);
        now -= TimeSpan.FromDays(1);
        Tell("a", CircuitNews.AsksToProbe, number: 1);
        Assert.Equal(TimeSpan.FromSeconds(4), State.Answers["a"].Wait);
        now += TimeSpan.FromSeconds(4);
        Tell("a", CircuitNews.AsksToProbe, number: 2);
        Assert.True(State.Answers["a"].Granted);
        now -= TimeSpan.FromDays(1);
        Tell("b", CircuitNews.AsksToProbe, number: 1);
        now += TimeSpan.FromSeconds(10);
        Tell("b", CircuitNews.AsksToProbe, number: 2);
        Assert.True(State.Answers["b"].Granted);
    }

    [Fact]
    public void Key_NamesTheTargetAndNoTenant()
    {
        Assert.Equal(("circuitbreaker", "org_model@h:1"), (EntityReferences.CircuitBreaker("org/model@h:1").Name, EntityReferences.CircuitBreaker("org/model@h:1").Key));
        Assert.Equal("tool:weather", EntityReferences.CircuitBreaker(new Core.Resilience.CircuitTarget(Core.Resilience.CircuitKind.Tool, "weather").Key).Key);
    }

    [Fact]
    public void Tell_WhateverComesTwiceOrLate_ChangesNothing() => Prop.ForAll(
        (from milliseconds in Gen.Choose(0, 8000)
         from worker in Gen.Choose(0, 2)
         from dice in Gen.Choose(0, 5)
         select (milliseconds, worker, dice)).ListOf().ToArbitrary(),
        course => new SharedCircuitTests().Holds([.. course])).QuickCheckThrowOnFailure();

    private bool Holds(IReadOnlyList<(int Milliseconds, int Worker, int Dice)> course)
    {
        List<CircuitTell> sent = [];
        var number = 0;
        CircuitProbe? held = null;
        foreach (var (milliseconds, who, dice) in course)
        {
            now += TimeSpan.FromMilliseconds(milliseconds);
            var before = State;
            var worker = $"w{who}";
            var news = new CircuitTell
            {
                Worker = worker,
                Version = before.Version,
                Settings = Settings,
                Number = ++number,
                News = !before.IsOpen ? CircuitNews.Opened : before.Probe?.Worker != worker ? CircuitNews.AsksToProbe : dice switch { 0 => CircuitNews.Closed, 1 => CircuitNews.Opened, 2 => CircuitNews.Released, _ => CircuitNews.AsksToProbe },
            };
            if (news.News == CircuitNews.Released) news = news with { Number = before.Probe!.Number };
            Apply(news);
            sent.Add(news);
            var after = State;
            if (after.Version < before.Version) return false;

            // One at a time: a right passes to another only once it has ended.
            if (after.Probe is { } probe && held is { } last && probe.Worker != last.Worker && after.Version == before.Version && before.Probe == last && now < last.Until) return false;
            held = after.Probe;
            if (after.Probe is not null && before.Probe is null && now < before.OpenUntil) return false;

            // All that was ever sent comes once more, in any order.
            var standing = Encoding.UTF8.GetString(saved.Span);
            foreach (var again in sent.Where((_, i) => (i + dice) % 3 != 0).Reverse()) Apply(again);
            if (Encoding.UTF8.GetString(saved.Span) != standing) return false;
        }

        return true;
    }

    private void Tell(string worker, CircuitNews news, long? version = null, long number = 0, int failures = 1, string? failure = null) =>
        Apply(new CircuitTell { Worker = worker, News = news, Version = version ?? State.Version, Number = number, Settings = Settings, Failures = failures, LastFailure = failure });

    /// <summary>Through JSON, as each operation may find the entity started anew.</summary>
    private void Apply(CircuitTell news)
    {
        var outcome = entity.Apply("tell", entity.ReadState(saved, Json), DurableJson.Parse(DurableJson.Write(news, Json)), new EntityContext(EntityReferences.CircuitBreaker("m@h"), now), Json);
        saved = entity.WriteState(outcome.State, Json);
    }
}
