using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;
using static AgentFunctions.Core.Tests.Policies.Balancing.States;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class BalancerTests
{
    private static readonly BalancingStrategy[] Strategies = Enum.GetValues<BalancingStrategy>();

    [Fact]
    public void Choose_AnyStates_NeverLeftWhileOneIsWell() => ForAny((random, view, strategy) =>
    {
        var tried = Enumerable.Range(0, view.Count).Where(_ => random.Next(4) == 0).ToList();
        var session = random.Next(2) == 0 ? new SessionOrder($"s{random.Next(100)}", Nodes(view.Count)) : null;
        var chosen = Balancer.Choose(view, strategy, AnyDraw(random), session, tried);
        var standings = Enumerable.Range(0, view.Count).Where(i => !tried.Contains(i)).Select(view.StandingOf).ToList();
        if (standings.Count == 0) return chosen is null;
        if (chosen is not { } one) return tried.Count > 0 && standings.All(standing => standing == Standing.Quiet);
        if (tried.Contains(one)) return false;
        return standings.Contains(Standing.Open) || standings.Contains(Standing.Due)
            ? view.StandingOf(one) is Standing.Open or Standing.Due
            : !standings.Contains(Standing.Left) || view.StandingOf(one) == Standing.Left;
    });

    [Fact]
    public void Choose_OneIsDue_TakesTheNextCallButNotOneThatWasRefused() => ForAny((random, view, strategy) =>
    {
        var due = Enumerable.Range(0, view.Count).Where(i => view.StandingOf(i) == Standing.Due).ToList();
        var open = Enumerable.Range(0, view.Count).Where(i => view.StandingOf(i) == Standing.Open).ToList();
        if (due.Count == 0) return true;
        var first = Balancer.Choose(view, strategy, AnyDraw(random), null, []);
        var second = Balancer.Choose(view, strategy, AnyDraw(random), null, [first!.Value]);
        return due.Contains(first.Value) && (open.Count == 0 || open.Contains(second!.Value));
    });

    [Fact]
    public void Choose_AllHaveSaidThatTheyRefuse_AsksTheFirstToServeAgainAndNoOther()
    {
        var view = View(Left(Known(1), 9, itsWord: true), Left(Known(1), 4, itsWord: true), Left(Known(1), 7, itsWord: true));
        Assert.All(Strategies, strategy => Assert.Equal(1, Balancer.Choose(view, strategy, new Draw(5, 0.9, 0.9), null, [])));
        Assert.All(Strategies, strategy => Assert.Null(Balancer.Choose(view, strategy, new Draw(5, 0.9, 0.9), null, [1])));
    }

    [Fact]
    public void Choose_Adaptive_IsTheCheaperOfTheTwoThatWereDrawn() => ForAny((random, view, _) =>
    {
        var open = Enumerable.Range(0, view.Count).Where(i => view.StandingOf(i) == Standing.Open).ToList();
        if (open.Count < 2 || Enumerable.Range(0, view.Count).Any(i => view.StandingOf(i) == Standing.Due)) return true;
        var (a, b) = (random.Next(open.Count), random.Next(open.Count - 1));
        var draw = new Draw(0, (a + random.NextDouble()) / open.Count, (b + random.NextDouble()) / (open.Count - 1));
        var (first, second) = (open[a], open[b >= a ? b + 1 : b]);
        var chosen = Balancer.Choose(view, BalancingStrategy.Adaptive, draw, null, [])!.Value;
        return (chosen == first && view.Cost(first) <= view.Cost(second)) || (chosen == second && view.Cost(second) <= view.Cost(first));
    });

    [Fact]
    public void Choose_Adaptive_DrawsAllPairsAlike()
    {
        // Equal costs: the first that was drawn is chosen, so that each comes up alike.
        var view = View(Known(10), Known(10), Known(10), Known(10));
        var counts = Grid(40).CountBy(draw => Balancer.Choose(view, BalancingStrategy.Adaptive, draw, null, [])!.Value).ToDictionary();
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(400, counts[i]));
        // The dearest of four is never the cheaper of two others: it waits until its estimate has sunk.
        var dear = View(Known(10), Known(10), Known(10), Known(11));
        Assert.DoesNotContain(3, Grid(40).Select(draw => Balancer.Choose(dear, BalancingStrategy.Adaptive, draw, null, [])!.Value));
    }

    [Fact]
    public void Choose_RoundRobin_TakesTurnsExactly()
    {
        var view = View(Known(10), Left(Known(1), 5), Known(9000), Known(10, inFlight: 50));
        var counts = Enumerable.Range(0, 300).CountBy(turn => Balancer.Choose(view, BalancingStrategy.RoundRobin, new Draw(turn, 0.99, 0.5), null, [])!.Value).ToDictionary();
        Assert.Equal([100, 100, 100], new[] { counts[0], counts[2], counts[3] });
    }

    [Fact]
    public void Choose_RoundRobinOneComesBack_GetsItsWeight()
    {
        var view = View(Known(10), Known(10), Known(10) with { BackFrom = Now - TimeSpan.FromSeconds(3), BackAt = Now + TimeSpan.FromSeconds(7) });
        var counts = Enumerable.Range(0, 3000).CountBy(turn => Balancer.Choose(view, BalancingStrategy.RoundRobin, new Draw(turn, turn / 3 % 1000 / 1000.0, 0), null, [])!.Value).ToDictionary();
        Assert.InRange(counts[2], 290, 310);
    }

    [Fact]
    public void Choose_LeastInFlight_IsTheFewestForTheirWeight()
    {
        var view = View(Known(1, inFlight: 4), Known(9000, inFlight: 3), Known(1, inFlight: 1) with { BackFrom = Now - TimeSpan.FromSeconds(1), BackAt = Now + TimeSpan.FromSeconds(9) });
        Assert.Equal(1, Balancer.Choose(view, BalancingStrategy.LeastInFlight, new Draw(2, 0, 0), null, []));
        var equal = View(Known(1), Known(1), Known(1));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(turn => Balancer.Choose(equal, BalancingStrategy.LeastInFlight, new Draw(turn, 0, 0), null, [])!.Value));
    }

    [Fact]
    public void Choose_ResponseTime_SharesAreInverseToTimes()
    {
        var view = View(Known(100), Known(200), Known(400), Known(800));
        var counts = Enumerable.Range(0, 15_000).CountBy(i => Balancer.Choose(view, BalancingStrategy.ResponseTime, new Draw(0, i / 15_000.0, 0), null, [])!.Value).ToDictionary();
        Assert.All(Enumerable.Range(0, 4), i => Assert.InRange(counts[i], (8000 >> i) - 1, (8000 >> i) + 1));
    }

    [Fact]
    public void Choose_ResponseTimeAnyStates_SharesAreWeightOverTime() => ForAny(
        (_, view, _) =>
        {
            var open = Enumerable.Range(0, view.Count).Where(i => view.StandingOf(i) == Standing.Open).ToList();
            if (open.Count < 2 || Enumerable.Range(0, view.Count).Any(i => view.StandingOf(i) == Standing.Due)) return true;
            const int Points = 2000;
            var counts = Enumerable.Range(0, Points).CountBy(i => Balancer.Choose(view, BalancingStrategy.ResponseTime, new Draw(0, i / (double)Points, 0), null, [])!.Value).ToDictionary();
            var total = open.Sum(i => view.WeightOf(i) / view.ResponseTime(i));
            return open.All(i => Math.Abs(counts.GetValueOrDefault(i) - (Points * view.WeightOf(i) / view.ResponseTime(i) / total)) <= 1.5);
        },
        times: 100);

    [Fact]
    public void Choose_Session_StaysWhateverTheOthersCostAndMovesWhenItsOwnIsNotWell()
    {
        var nodes = Nodes(4);
        var session = new SessionOrder("session-7", nodes);
        var (own, next) = (session.Order[0], session.Order[1]);
        DeploymentState[] states = [Known(1), Known(1), Known(1), Known(1)];
        states[own] = Known(400, inFlight: 50);
        Assert.Equal(own, Choose());
        states[own] = Left(Known(400), 5);
        Assert.Equal(next, Choose());
        states[own] = Left(Known(400), 5, itsWord: true);
        Assert.Equal(next, Choose());
        // It is due: a call of its own sessions may try it, one at a time.
        states[own] = Left(Known(400), -0.1);
        Assert.Equal(own, Choose());
        states[own] = states[own] with { IsTried = true };
        Assert.Equal(next, Choose());
        states[own] = Known(400);
        Assert.Equal(own, Choose());

        int? Choose() => Balancer.Choose(new PoolView(states, Now, Rules), BalancingStrategy.Adaptive, new Draw(0, 0, 0), session, []);
    }

    [Fact]
    public void Choose_SessionsOfOneThatComesBack_ReturnByItsWeightAndStay()
    {
        var nodes = Nodes(4);
        List<SessionOrder> own = [.. Enumerable.Range(0, 4000).Select(i => new SessionOrder($"session-{i}", nodes)).Where(session => session.Order[0] == 2)];
        var (few, half) = (Back(1), Back(5));
        Assert.InRange(few.Count, own.Count * 0.07, own.Count * 0.13);
        Assert.InRange(half.Count, own.Count * 0.45, own.Count * 0.55);
        Assert.Subset(half, few);

        HashSet<SessionOrder> Back(double seconds)
        {
            var view = View(Known(1), Known(1), Known(1) with { BackFrom = Now - TimeSpan.FromSeconds(seconds), BackAt = Now + TimeSpan.FromSeconds(10 - seconds) }, Known(1));
            return [.. own.Where(session => Balancer.Choose(view, BalancingStrategy.Adaptive, new Draw(0, 0, 0), session, []) == 2)];
        }
    }

    private static string[] Nodes(int count) => [.. Enumerable.Range(0, count).Select(i => $"https://host-{i}/v1")];

    private static PoolView View(params IReadOnlyList<DeploymentState> states) => new(states, Now, Rules);

    private static Draw AnyDraw(Random random) => new(random.Next(1000), random.NextDouble(), random.NextDouble());

    private static IEnumerable<Draw> Grid(int points) => Enumerable.Range(0, points).SelectMany(a => Enumerable.Range(0, points).Select(b => new Draw(0, (a + 0.5) / points, (b + 0.5) / points)));

    private static void ForAny(Func<Random, PoolView, BalancingStrategy, bool> holds, int times = 3000) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new Random(seed);
            return holds(random, new PoolView(Any(random), Now, Rules), Strategies[random.Next(Strategies.Length)]);
        }));
}
