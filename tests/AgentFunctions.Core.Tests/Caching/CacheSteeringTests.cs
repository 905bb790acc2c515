using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class CacheSteeringTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static TheoryData<CacheInvalidation> Fitting =>
    [
        new CacheInvalidation(),
        new CacheInvalidation { Tenant = "acme" },
        new CacheInvalidation { Tenant = "acme", Kind = CacheKind.Tool },
        new CacheInvalidation { Tag = new string('t', CacheSettings.LongestTag) },
        new CacheInvalidation { Tenant = Tenants.Default, Key = Key },
        new CacheInvalidation { Tenant = "acme", Key = Key.ToUpperInvariant() },
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
        { new CacheInvalidation { Tenant = "acme", Key = Key[..^1] + "g" }, "key", "64 hexadecimal digits" },
        { new CacheInvalidation { Tenant = "acme", Key = Key, Kind = CacheKind.Tool }, "key", "neither a kind nor a tag" },
        { new CacheInvalidation { Tenant = "acme", Key = Key, Tag = "prices" }, "key", "neither a kind nor a tag" },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Errors_FittingInvalidation_AreNone(CacheInvalidation what) => Assert.True(CacheSteering.Errors(what).IsEmpty);

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Errors_Misfit_NameThePropertyAndWhatIsAllowed(CacheInvalidation what, string property, string says)
    {
        var errors = CacheSteering.Errors(what);
        Assert.Contains(says, string.Join(" ", errors.ByPath[property]), StringComparison.Ordinal);
        Assert.Contains(says, Assert.Throws<PermanentFailureException>(() => CacheSteering.Refuse(errors)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme", Key, "q", null, "tenant")]
    [InlineData("acme", "12", "q", null, "key")]
    [InlineData("acme", Key, " ", null, "question")]
    [InlineData("acme", Key, "q", "", "matched")]
    public void Errors_FeedbackThatDoesNotFit_NameTheProperty(string tenant, string key, string question, string? matched, string property) =>
        Assert.Equal([property], CacheSteering.Errors(new CacheFeedback { Tenant = tenant, Key = key, Question = question, Matched = matched, Right = false }).ByPath.Keys);

    [Fact]
    public void Errors_QuestionBeyondTheLimit_SayHowLongItMayBe() =>
        Assert.Contains("1 to 10000", Assert.Single(CacheSteering.Errors(new CacheFeedback { Key = Key, Question = new string('q', CacheSteering.LongestQuestion + 1), Right = true }).ByPath).Value[0], StringComparison.Ordinal);

    [Fact]
    public void Errors_FittingFeedback_AreNone() => Assert.True(CacheSteering.Errors(new CacheFeedback { Key = Key, Question = "q", Right = true }).IsEmpty);
}
