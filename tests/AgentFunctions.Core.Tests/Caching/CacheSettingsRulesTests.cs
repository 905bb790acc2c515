using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class CacheSettingsRulesTests
{
    [Fact]
    public void Check_NoSettingsOrDefaults_AreRight()
    {
        var errors = new InputErrors();
        CacheSettingsRules.Check(null, "cache", errors);
        CacheSettingsRules.Check(new CacheSettings(), "cache", errors);
        CacheSettingsRules.Check(new CacheSettings { Ttl = TimeSpan.FromSeconds(1), Tags = [.. Enumerable.Range(0, 16).Select(i => new string('t', 85 + i))], PromptVersion = "1", Shared = true, Semantic = true }, "cache", errors);
        CacheSettingsRules.Check(new CacheSettings { Ttl = TimeSpan.FromDays(365) }, "cache", errors);
        Assert.True(errors.IsEmpty);
    }

    [Fact]
    public void Check_WrongSettings_AreNamedByTheirPaths()
    {
        var errors = new InputErrors();
        CacheSettingsRules.Check(new CacheSettings { Mode = (CacheMode)9, Ttl = TimeSpan.FromMilliseconds(999), Tags = ["a", "", " ", new string('t', 101), null!], PromptVersion = "" }, "calls[2].cache", errors);
        Assert.Equal(["calls[2].cache.mode", "calls[2].cache.promptVersion", "calls[2].cache.tags[1]", "calls[2].cache.tags[2]", "calls[2].cache.tags[3]", "calls[2].cache.tags[4]", "calls[2].cache.ttl"], errors.ByPath.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("ttl is 00:00:00.9990000. It must be 1 second (00:00:01) to 365 days (365.00:00:00).", errors.ByPath["calls[2].cache.ttl"][0]);
    }

    [Fact]
    public void Check_TooLongOrTooMany_AreRefused()
    {
        var errors = new InputErrors();
        CacheSettingsRules.Check(new CacheSettings { Ttl = TimeSpan.FromDays(366), Tags = [.. Enumerable.Repeat("t", 17)], PromptVersion = new string('v', 101) }, "cache", errors);
        Assert.Equal(["There are 17 tags. Give at most 16."], errors.ByPath["cache.tags"]);
        Assert.Equal(3, errors.ByPath.Count);
    }

    [Fact]
    public void ThrowIfWrong_WrongSettings_ArePermanent() =>
        Assert.StartsWith("cache.ttl: ttl is 00:00:00.", Assert.Throws<PermanentFailureException>(() => CacheSettingsRules.ThrowIfWrong(new CacheSettings { Ttl = TimeSpan.Zero })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(CacheMode.Use, CacheMode.Refresh)]
    [InlineData(CacheMode.Refresh, CacheMode.Refresh)]
    [InlineData(CacheMode.Off, CacheMode.Off)]
    [InlineData(CacheMode.Only, CacheMode.Only)]
    public void Anew_Mode_IsMadeAnewWhereTheCacheMayBeWritten(CacheMode mode, CacheMode expected) => Assert.Equal(expected, new CacheSettings { Mode = mode }.Anew().Mode);

    [Fact]
    public void Anew_NoSettings_AreTheDefaultsMadeAnew()
    {
        CacheSettings? none = null;
        Assert.Equal(CacheMode.Refresh, none.Anew().Mode);
        Assert.Equal("prices", new CacheSettings { Tags = ["prices"] }.Anew().Tags[0]);
    }

    [Fact]
    public void Join_OneWasMadeAnew_IsNoNote()
    {
        var young = new CacheNote { Source = CacheSource.Memory, Key = "a", Age = TimeSpan.FromSeconds(1), Saved = new Cost(1, 0, 0.1m) };
        var old = new CacheNote { Source = CacheSource.Store, Key = "b", Age = TimeSpan.FromSeconds(9), Saved = new Cost(2, 0, 0.2m) };
        Assert.Equal(old with { Saved = new Cost(3, 0, 0.3m) }, CacheNotes.Join([young, old]));
        Assert.Null(CacheNotes.Join([young, null]));
        Assert.Null(CacheNotes.Join([]));
    }
}
