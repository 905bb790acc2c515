using System.Numerics;
using AgentFunctions.Core.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies;

public sealed class BackoffTests
{
    private static readonly Gen<TimeSpan> Durations = Gen.OneOf(
        Gen.Choose(0, 100_000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)),
        Gen.Elements(TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), TimeSpan.MaxValue));

    private static readonly Gen<(int Attempt, TimeSpan Base, TimeSpan Cap, double Fraction)> Cases =
        from attempt in Gen.OneOf(Gen.Choose(1, 100), Gen.Elements(1, 62, 63, 64, 65, int.MaxValue))
        from first in Durations
        from cap in Durations
        from part in Gen.Choose(0, 999_999)
        select (attempt, first, cap, part / 1_000_000d);

    [Fact]
    public void Ceiling_AnyCase_IsTheDoubledBaseUpToTheCap() => Check(it =>
    {
        var doubled = new BigInteger(it.Base.Ticks) << Math.Min(it.Attempt - 1, 200);
        var expected = (long)BigInteger.Min(doubled, it.Cap.Ticks);
        return Backoff.Ceiling(it.Attempt, it.Base, it.Cap).Ticks == expected;
    });

    [Fact]
    public void FullJitter_AnyCase_IsWithinTheCeiling() => Check(it =>
        Backoff.FullJitter(it.Attempt, it.Base, it.Cap, it.Fraction) is var delay && delay >= TimeSpan.Zero && delay <= Backoff.Ceiling(it.Attempt, it.Base, it.Cap));

    [Fact]
    public void FullJitter_LargerFraction_IsNeverShorter() => Check(it =>
        Backoff.FullJitter(it.Attempt, it.Base, it.Cap, it.Fraction / 2) <= Backoff.FullJitter(it.Attempt, it.Base, it.Cap, it.Fraction));

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 2000)]
    [InlineData(5, 16000)]
    [InlineData(6, 30000)]
    [InlineData(1000, 30000)]
    public void Ceiling_OneSecondUpToThirty_Doubles(int attempt, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.Ceiling(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));

    [Theory]
    [InlineData(0, 1, 1, 0.5)]
    [InlineData(1, -1, 1, 0.5)]
    [InlineData(1, 1, -1, 0.5)]
    [InlineData(1, 1, 1, 1.0)]
    [InlineData(1, 1, 1, -0.1)]
    [InlineData(1, 1, 1, double.NaN)]
    public void FullJitter_OutOfRange_IsRefused(int attempt, int first, int cap, double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.FullJitter(attempt, TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(cap), fraction));

    private static void Check(Func<(int Attempt, TimeSpan Base, TimeSpan Cap, double Fraction), bool> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Cases.ToArbitrary(), property));
}
