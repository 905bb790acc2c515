using AgentFunctions.Core.Durable;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Durable;

public sealed class TenantsTests
{
    private const string Allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    private static readonly Arbitrary<string> Names = Gen.Choose(1, Tenants.LongestName).SelectMany(length => Gen.Elements(Allowed.ToCharArray()).ArrayOf(length)).Select(letters => new string(letters)).Where(name => name != Tenants.Default).ToArbitrary();
    private static readonly Arbitrary<NonNull<string>> Ids = ArbMap.Default.ArbFor<NonNull<string>>();

    [Fact]
    public void Of_InstanceIdOfATenant_IsThatTenantWhateverTheRest() => Prop.ForAll(Names, Ids, (tenant, id) =>
        Tenants.Of(Tenants.InstanceId(tenant, id.Get)) == tenant).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_SubOrchestrations_IsTheirParentsAtAnyDepth() => Prop.ForAll(Names, Ids, Gen.Choose(0, int.MaxValue).ArrayOf(5).ToArbitrary(), (tenant, id, calls) =>
        calls.Aggregate((Id: Tenants.InstanceId(tenant, id.Get), Kept: true), (run, call) => ($"{run.Id}:{call:x4}", run.Kept && Tenants.Of($"{run.Id}:{call:x4}") == tenant)).Kept).QuickCheckThrowOnFailure();

    [Fact]
    public void InstanceId_Default_LeavesTheIdAsItIs() => Prop.ForAll(Ids, id => Tenants.InstanceId(Tenants.Default, id.Get) == id.Get).QuickCheckThrowOnFailure();

    [Fact]
    public void InstanceId_TwoTenantsOrTwoIds_AreTwoRuns() => Prop.ForAll(Names, Names, Ids, (a, b, id) =>
        (a == b) == (Tenants.InstanceId(a, id.Get) == Tenants.InstanceId(b, id.Get))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("3f2a")]
    [InlineData("")]
    [InlineData("~x")]
    [InlineData("Acme~x")]
    [InlineData("a b~x")]
    [InlineData("default~x")]
    [InlineData("äcme~x")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx~x")]
    public void Of_NoTenantInFront_IsDefault(string id) => Assert.Equal(Tenants.Default, Tenants.Of(id));

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("a~b")]
    [InlineData("a/b")]
    [InlineData("*")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx")]
    public void InstanceId_NoName_IsRefusedWithTheRule(string tenant)
    {
        var error = Assert.Throws<ArgumentException>(() => Tenants.InstanceId(tenant, "x"));
        Assert.Contains($"'{tenant}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 40 characters", error.Message, StringComparison.Ordinal);
    }
}
