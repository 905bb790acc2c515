using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Invalidation;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Caching.Invalidation;

public sealed class GenerationDocumentTests
{
    [Fact]
    public void InvalidatedSince_AnySequence_IsNeverWrongAndExactWhileItIsNotFull() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Choose(0, 40).Select(scope => (ulong)scope).ArrayOf(60).ToArbitrary(), scopes =>
        {
            var document = GenerationDocument.None;
            var moments = new List<ulong> { document.Moment };
            foreach (var scope in scopes)
            {
                document = GenerationDocument.Unpack(document.With([scope], 7).Pack());
                moments.Add(document.Moment);
            }

            return moments.Select((moment, at) => (moment, at)).All(it => Enumerable.Range(0, 41).All(scope => document.InvalidatedSince(it.moment, (ulong)scope) == scopes.Skip(it.at).Contains((ulong)scope)));
        }));

    [Fact]
    public void With_MoreScopesThanItHolds_DropsTheOlderHalfAndIsNeverWrong()
    {
        var document = GenerationDocument.None;
        var moments = new List<ulong>();
        for (var scope = 0UL; scope < 2500; scope++)
        {
            moments.Add(document.Moment);
            document = document.With([scope], 7);
        }

        Assert.InRange(document.Scopes, 500, GenerationDocument.MostScopes);
        Assert.True(document.Floor > 0);
        for (var scope = 0UL; scope < 2500; scope++) Assert.True(document.InvalidatedSince(moments[(int)scope], scope));
        Assert.False(document.InvalidatedSince(document.Moment, 0));
        Assert.False(document.InvalidatedSince(document.Moment, 2499));
        Assert.True(document.InvalidatedSince(moments[0], 99_999));
        Assert.False(document.InvalidatedSince(moments[2400], 99_999));
        Assert.InRange(document.Pack().Length, 1, 16 * 1024);
    }

    [Fact]
    public void InvalidatedSince_DocumentWasLost_HoldsNothingForValidThatCameAfterItsBirth()
    {
        var lost = GenerationDocument.None.With([1], 7);

        Assert.True(GenerationDocument.None.InvalidatedSince(lost.Moment, 2));
        Assert.True(GenerationDocument.None.With([1], 8).InvalidatedSince(lost.Moment, 2));
        Assert.True(GenerationDocument.Anew(9).InvalidatedSince(GenerationDocument.None.Moment, 2));
        Assert.False(lost.InvalidatedSince(GenerationDocument.None.Moment, 2));
    }

    [Fact]
    public void Unpack_Damaged_IsRefused()
    {
        var packed = GenerationDocument.None.With([1, 2, 3], 7).Pack();
        for (var length = 0; length < packed.Length; length++) Assert.Throws<InvalidDataException>(() => GenerationDocument.Unpack(packed.AsSpan(0, length)));
    }

    [Fact]
    public void Scopes_OfEveryKind_AreApartAndInTheirDocuments()
    {
        var key = CacheKey.Of(CacheWorld.Request());
        ulong[] scopes = [GenerationScopes.All, .. Enum.GetValues<CacheKind>().Select(GenerationScopes.Kind), GenerationScopes.Tag("a"), GenerationScopes.Tag("\ud800"), GenerationScopes.Tag("\ud801"), GenerationScopes.Key(key)];

        Assert.Equal(scopes.Length, scopes.Distinct().Count());
        Assert.All(scopes[..5], scope => Assert.Equal(0, GenerationScopes.DocumentOf(scope)));
        Assert.All(scopes[5..], scope => Assert.InRange(GenerationScopes.DocumentOf(scope), 1, 15));
    }
}
