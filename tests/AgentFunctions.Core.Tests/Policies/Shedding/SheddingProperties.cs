using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Shedding;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Shedding;

/// <summary>What holds for any rules, any load and any history of refusals.</summary>
public sealed class SheddingProperties
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void Decide_MoreLoad_NeverTurnsARefusalIntoALeave() => Check(
        from given in Cases()
        from waiting in Counts(50)
        from starting in Counts(5)
        from model in Waits(3)
        from slower in Gen.Choose(50, 100)
        from running in Gen.Choose(0, 20)
        select (given, more: given.Load with
        {
            Sample = given.Load.Sample with
            {
                Running = given.Load.Sample.Running + running,
                Waiting = Sum(given.Load.Sample.Waiting, waiting),
                EndedPerSecond = given.Load.Sample.EndedPerSecond * slower / 100,
            },
            Starting = Sum(given.Load.Starting, starting),
            ModelWaits = new(given.Load.ModelWaits.Interactive + model.Interactive, given.Load.ModelWaits.Workflow + model.Workflow, given.Load.ModelWaits.Background + model.Background),
        }),
        it => it.given.Decide().IsAdmitted || !(it.given with { Load = it.more }).Decide().IsAdmitted);

    [Fact]
    public void Decide_MoreLoad_LeavesNoLaneLessShed() => Check(
        from given in Cases()
        from waiting in Counts(50)
        select (given, more: given.Load with { Sample = given.Load.Sample with { Waiting = Sum(given.Load.Sample.Waiting, waiting) } }),
        it => LaneOrder.All.All(lane => !it.given.After().Of(lane) || (it.given with { Load = it.more }).After().Of(lane)));

    [Fact]
    public void Decide_WhatBackgroundMay_AllMay() => Check(
        Cases(),
        given => LaneOrder.All.Zip(LaneOrder.All.Skip(1)).All(pair => !Of(given, pair.Second).Decide().IsAdmitted || Of(given, pair.First).Decide().IsAdmitted));

    [Fact]
    public void Decide_AnyHistory_NeverShedsALaneBeforeOneThatIsKeptLessLong() => Check(Cases(), given =>
    {
        var after = given.After();
        return (!after.Interactive || after.Workflow) && (!after.Workflow || after.Background);
    });

    [Fact]
    public void Decide_Refused_ComesBackWithinTheBounds() => Check(Cases(), given =>
    {
        var verdict = given.Decide();
        return verdict.IsAdmitted ? verdict.RetryAfter == TimeSpan.Zero : verdict.RetryAfter >= SheddingRules.LeastRetry && verdict.RetryAfter <= given.Rules.LongestRetry;
    });

    [Fact]
    public void Decide_Refused_LaterFractionsComeBackLater() => Check(Cases(), given =>
        (given with { Fraction = 0.9 }).Decide().RetryAfter - (given with { Fraction = 0 }).Decide().RetryAfter is var spread
            && (given.Decide().IsAdmitted ? spread == TimeSpan.Zero : spread >= given.Rules.RetrySpread * 0.89));

    [Fact]
    public void Decide_IdleHostWithoutADeadline_NeverRefuses() => Check(
        from given in Cases()
        select given with { Load = new IngressLoad { Sample = given.Load.Sample with { Waiting = new(0, 0, 0) } }, Ask = given.Ask with { Deadline = null } },
        given => given.Decide().IsAdmitted && given.After() == default);

    private static void Check<T>(Gen<T> cases, Func<T, bool> holds) => FsCheck.Fluent.Prop.ForAll(cases.ToArbitrary(), holds).Check(Config);

    private static Given Of(Given given, RunPriority lane) => given with { Ask = given.Ask with { Lane = lane } };

    private static LaneCounts Sum(LaneCounts a, LaneCounts b) => new(a.Interactive + b.Interactive, a.Workflow + b.Workflow, a.Background + b.Background);

    private static Gen<LaneCounts> Counts(int most) =>
        from interactive in Gen.Choose(0, most) from workflow in Gen.Choose(0, most) from background in Gen.Choose(0, most) select new LaneCounts(interactive, workflow, background);

    private static Gen<LaneWaits> Waits(int mostSeconds) =>
        from interactive in Time(0, mostSeconds) from workflow in Time(0, mostSeconds) from background in Time(0, mostSeconds) select new LaneWaits(interactive, workflow, background);

    private static Gen<TimeSpan> Time(int least, int mostSeconds) => Gen.Choose(least, mostSeconds * 1000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Bounds in the order that the options' validation asks for.</summary>
    private static Gen<SheddingRules> Rules() =>
        from queues in Gen.Choose(1, 30).ListOf(3)
        from waits in Time(1, 20).ListOf(3)
        from models in Time(1, 10).ListOf(3)
        from resume in Gen.Choose(10, 100)
        from starting in Gen.Choose(4, 20)
        from longest in Time(2000, 200)
        from spread in Gen.Choose(0, 100)
        let q = queues.Order().ToArray()
        let w = waits.Order().ToArray()
        let m = models.Order().ToArray()
        select new SheddingRules
        {
            Background = new(q[0], w[0], m[0]),
            Workflow = new(q[1], w[1], m[1]),
            Interactive = new(q[2], w[2], m[2]),
            ResumeAt = resume / 100.0,
            MostStarting = starting,
            LongestRetry = longest,
            RetrySpread = longest / 2 * (spread / 100.0),
        };

    private static Gen<IngressLoad> Loads() =>
        from slots in Gen.Choose(0, 20)
        from running in Gen.Choose(0, 20)
        from waiting in Counts(100)
        from starting in Counts(5)
        from ended in Gen.Choose(1, 500)
        from p95 in Time(0, 10)
        from model in Waits(12)
        select new IngressLoad
        {
            Sample = new LoadSample { Slots = slots, Running = Math.Min(running, slots), Waiting = waiting, EndedPerSecond = ended / 10.0, RunTimeP95 = p95 },
            Starting = starting,
            ModelWaits = model,
        };

    private static Gen<Given> Cases() =>
        from rules in Rules()
        from load in Loads()
        from lane in Gen.Elements<RunPriority>(LaneOrder.All)
        from deadline in Time(1, 60)
        from hasDeadline in Gen.Elements(true, false)
        from runTime in Time(0, 20)
        from level in Gen.Choose(0, 3)
        from fraction in Gen.Choose(0, 999)
        select new Given(rules, new SheddingState(level > 2, level > 1, level > 0), load, new ShedAsk(lane, hasDeadline ? deadline : null, runTime), fraction / 1000.0);

    private sealed record Given(SheddingRules Rules, SheddingState State, IngressLoad Load, ShedAsk Ask, double Fraction)
    {
        public ShedVerdict Decide() => SheddingPolicy.Decide(Rules, State, Load, Ask, Fraction).Verdict;

        public SheddingState After() => SheddingPolicy.Decide(Rules, State, Load, Ask, Fraction).State;
    }
}
