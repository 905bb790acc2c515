using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class RendezvousTests
{
    private static readonly string[] Nodes = ["https://a/v1", "https://b/v1", "https://c/v1", "https://d/v1"];

    [Fact]
    public void Choose_NoNodes_IsRefused() => Assert.Throws<ArgumentException>(() => Choose("key", []));

    [Fact]
    public void Choose_AnotherOrder_IsTheSameNode() => ForAnyKey(key =>
    {
        string[] reversed = [.. Nodes.Reverse()];
        return Nodes[Choose(key, Nodes)] == reversed[Choose(key, reversed)];
    });

    [Fact]
    public void Choose_AnotherNodeGone_StaysWhereItWas() => ForAnyKey(key =>
    {
        var chosen = Nodes[Choose(key, Nodes)];
        return Nodes.Where(node => node != chosen).All(gone => Nodes.Where(node => node != gone).ToArray() is var rest && rest[Choose(key, rest)] == chosen);
    });

    [Fact]
    public void Choose_ManyKeys_AreSpreadEvenly()
    {
        var counts = Enumerable.Range(0, 40_000).CountBy(i => Choose($"session-{i}", Nodes)).ToDictionary();
        Assert.All(Enumerable.Range(0, Nodes.Length), node => Assert.InRange(counts[node], 9_600, 10_400));
    }

    [Fact]
    public void Order_AnyKey_IsWhoWouldServeIfThoseBeforeWereGone() => ForAnyKey(key =>
    {
        var rest = Nodes.ToList();
        foreach (var node in Rendezvous.Order(key, Nodes).Select(place => Nodes[place]))
        {
            if (rest[Choose(key, rest)] != node) return false;
            rest.Remove(node);
        }

        return rest.Count == 0;
    });

    [Fact]
    public void Fraction_KeysOfANode_AreSpreadEvenly()
    {
        var own = Enumerable.Range(0, 40_000).Select(i => $"session-{i}").Where(key => Choose(key, Nodes) == 1).Select(key => Rendezvous.Fraction(key, Nodes[1])).ToList();
        Assert.All(own, fraction => Assert.InRange(fraction, 0, 1 - 1e-9));
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(own.Count(fraction => (int)(fraction * 10) == tenth), own.Count * 0.09, own.Count * 0.11));
    }

    /// <summary>The node that serves a key.</summary>
    private static int Choose(string key, IReadOnlyList<string> nodes) => Rendezvous.Order(key, nodes)[0];

    private static void ForAnyKey(Func<string, bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), key => holds(key.Get)));
}
