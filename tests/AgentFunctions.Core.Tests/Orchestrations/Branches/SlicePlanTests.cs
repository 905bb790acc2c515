using AgentFunctions.Core.Orchestrations.Branches;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

public sealed class SlicePlanTests
{
    [Fact]
    public void For_AnyCase_CoversAllOnceInEvenSlicesAndSharesEveryPlace()
    {
        var cases = from total in Gen.Choose(1, 50_000)
                    from largest in Gen.Choose(2, 10_000)
                    from parallel in Gen.Choose(1, 10_000)
                    select (total, largest, parallel);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(cases.ToArbitrary(), it =>
        {
            var plan = SlicePlan.For(it.total, it.largest, it.parallel);
            var next = 0;
            foreach (var slice in plan.Slices)
            {
                if (slice.First != next || slice.Count < 1 || slice.Count > it.largest) return false;
                next += slice.Count;
            }

            return next == it.total
                && plan.Slices.Max(slice => slice.Count) - plan.Slices.Min(slice => slice.Count) <= 1
                && plan.Shares.Count <= plan.Slices.Count
                && plan.Shares.All(share => share >= 1)
                && plan.Shares.Sum() == it.parallel;
        }));
    }

    [Fact]
    public void For_TenThousandByTwoHundred_IsFiftySlices()
    {
        var plan = SlicePlan.For(10_000, 200, 50);
        Assert.InRange(plan.Slices.Count, 50, 55);
        Assert.InRange(plan.Shares.Count, 2, 6);
    }
}
