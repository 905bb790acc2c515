using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Caching.Invalidation;

public sealed class InvalidationProperties
{
    private const int ScriptLength = 450;

    [Fact]
    public void AnyScript_ManyWorkersWithSkewedClocks_ServesNothingInvalidatedOrOverAndAllThatIsGood()
    {
        var (served, due) = (0, 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Scripts, script =>
        {
            using var simulation = new InvalidationSimulation(script.Aggregate(17, (hash, part) => unchecked((hash * 31) + part)));
            simulation.Run(script);
            (served, due) = (served + simulation.Served, due + simulation.Due);
            return (simulation.Violations.Count == 0).Label(string.Join("\n", simulation.Violations));
        }));

        // What serves nothing breaks no rule: so it must have served, and often where it had to.
        Assert.InRange(served, 1000, int.MaxValue);
        Assert.InRange(due, 500, int.MaxValue);
    }

    [Fact]
    public void TheCheck_CopiesNeverAge_FindsWhatIsServedAfterItsInvalidation() =>
        Assert.Contains(Seeds(), seed => Violations(seed, pretendsExclusive: true, forgets: false).Exists(violation => violation.Contains("after its invalidation", StringComparison.Ordinal)));

    [Fact]
    public void TheCheck_StoreForgetsEntries_FindsWhatIsNotServed() =>
        Assert.Contains(Seeds(), seed => Violations(seed, pretendsExclusive: false, forgets: true).Exists(violation => violation.Contains("did not serve", StringComparison.Ordinal)));

    private static Arbitrary<byte[]> Scripts => Gen.Choose(0, 255).Select(part => (byte)part).ArrayOf(ScriptLength).ToArbitrary();

    private static IEnumerable<int> Seeds() => Enumerable.Range(1, 100);

    private static List<string> Violations(int seed, bool pretendsExclusive, bool forgets)
    {
        using var simulation = new InvalidationSimulation(seed, pretendsExclusive, forgets);
        var script = new byte[ScriptLength];
        new Random(seed).NextBytes(script);
        simulation.Run(script);
        return simulation.Violations;
    }
}
