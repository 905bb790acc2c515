using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class CacheRulesTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static TheoryData<CacheInvalidation> Fitting =>
    [
        new CacheInvalidation(),
        new CacheInvalidation { Tenant = "acme" },
        new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool },
        new CacheInvalidation { Tag = new string('t', CacheSettings.LongestTag) },
        new CacheInvalidation { Tenant = Tenants.Default, Key = Key },
    ];

    public static TheoryData<CacheInvalidation, string, string> Misfits => new()
    {
        { new CacheInvalidation { Tenant = "Acme" }, "tenant", "'Acme'" },
        { new CacheInvalidation { Kind = (CacheKind)9 }, "kind", "Response, Tool, Embedding, Reasoning" },
        { new CacheInvalidation { Tag = "" }, "tag", "has 0 characters. Give 1 to 100" },
        { new CacheInvalidation { Tag = new string('t', CacheSettings.LongestTag + 1) }, "tag", "101" },
        { new CacheInvalidation { Tag = "prices", Kind = CacheKind.Tool }, "kind", "can't be combined" },
        { new CacheInvalidation { Key = Key }, "tenant", "A key names an entry of one tenant" },
        { new CacheInvalidation { Tenant = "acme", Key = "abc" }, "key", "'abc'" },
        { new CacheInvalidation { Tenant = "acme", Key = Key.ToUpperInvariant() }, "key", "0 to 9 and a to f" },
        { new CacheInvalidation { Tenant = "acme", Key = Key, Kind = CacheKind.Tool }, "key", "neither a kind nor a tag" },
        { new CacheInvalidation { Tenant = "acme", Key = Key, Tag = "prices" }, "key", "neither a kind nor a tag" },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Errors_FittingInvalidation_AreNone(CacheInvalidation what) => Assert.True(CacheRules.Errors(what).IsEmpty);

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Errors_Misfit_NameThePropertyAndWhatIsAllowed(CacheInvalidation what, string property, string says)
    {
        var errors = CacheRules.Errors(what);
        Assert.Contains(says, string.Join(" ", errors.ByPath[property]), StringComparison.Ordinal);
        Assert.Contains(says, Assert.Throws<PermanentFailureException>(() => CacheRules.Refuse(errors)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme", Key, "q", null, "tenant")]
    [InlineData("acme", "12", "q", null, "key")]
    [InlineData("acme", Key, " ", null, "question")]
    [InlineData("acme", Key, "q", "", "matched")]
    public void Errors_FeedbackThatDoesNotFit_NameTheProperty(string tenant, string key, string question, string? matched, string property) =>
        Assert.Equal([property], CacheRules.Errors(new CacheFeedback { Tenant = tenant, Key = key, Question = question, Matched = matched, Right = false }).ByPath.Keys);

    [Fact]
    public void Errors_FittingFeedback_AreNone() => Assert.True(CacheRules.Errors(new CacheFeedback { Key = Key, Question = "q", Right = true }).IsEmpty);
}
