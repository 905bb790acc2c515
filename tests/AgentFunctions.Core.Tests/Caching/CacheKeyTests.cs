using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class CacheKeyTests
{
    /// <summary>One of every Unicode class, and what tends to be lost on the way: lone surrogates, NUL, the empty text.</summary>
    private static readonly string[] Texts =
    [
        "", "\0", "\u0001", "\t", "\u007f", "\u0085", "a", "A", "ª", "ǅ", "ʰ", "א", "é", "e\u0301", "\u20dd", "\u0903", "5", "٥", "Ⅷ", "½", "_", "-", "(", ")", "«", "»", "!", "+", "€", "^", "©",
        " ", "\u00a0", "\u2003", "\u2028", "\u2029", "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\ue000", "\u0378", "😀", "👩‍👩‍👧", "𐐷", "𝟘", "\U000e0001", "\U0010ffff",
        "\ud800", "\ud801", "\udbff", "\udc00", "\udfff", "\ud800\ud800", "\udc00\ud800", "a\ud800", "\ud800a", "\ud83d", "\ude00", "\ude00\ud83d", "\\ud800", "\"", "\\", "/", "null", "مرحبا", "שלום", "日本語", "한국어", "ไทย",
    ];

    [Fact]
    public void Of_TextsOfEveryUnicodeClass_AreAllApartAndStable()
    {
        var byInput = Texts.Select(text => CacheKey.Of(CacheWorld.Request() with { Input = Escaped(text) })).ToList();
        var byMaker = Texts.Select(text => CacheKey.Of(CacheWorld.Request() with { Maker = text })).ToList();
        var byVersion = Texts.Select(text => CacheKey.Of(CacheWorld.Request() with { MakerVersion = text })).ToList();
        var byPrompt = Texts.Select(text => CacheKey.Of(CacheWorld.Request(settings: new() { PromptVersion = text }))).ToList();
        var byName = Texts.Select(text => CacheKey.Of(CacheWorld.Request() with { Input = JsonDocument.Parse($"{{{Json(text)}:1}}").RootElement })).ToList();

        Assert.Equal(Texts.Length * 5, byInput.Concat(byMaker).Concat(byVersion).Concat(byPrompt).Concat(byName).Distinct().Count());
        Assert.Equal(byInput, Texts.Select(text => CacheKey.Of(CacheWorld.Request() with { Input = Escaped(text) })));
    }

    [Fact]
    public void Of_EscapedOrNot_IsTheSameText()
    {
        foreach (var text in Texts.Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text))
        {
            var plain = CacheWorld.Request() with { Input = JsonSerializer.SerializeToElement(text, DurableJsonContext.Default.String) };
            Assert.Equal(CacheKey.Of(plain), CacheKey.Of(plain with { Input = Escaped(text) }));
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """ { "b" : [ true , null ] , "a" : 1 } """, true)]
    [InlineData("1", "1.0", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("{}", "[]", false)]
    [InlineData("{\"a\":null}", "{}", false)]
    [InlineData("0.10000000000000000000001", "0.1", false)]
    public void Of_Inputs_AreEqualWhereTheirCanonicalFormIs(string left, string right, bool equal)
    {
        var request = CacheWorld.Request();
        Assert.Equal(equal, CacheKey.Of(request with { Input = JsonDocument.Parse(left).RootElement }) == CacheKey.Of(request with { Input = JsonDocument.Parse(right).RootElement }));
    }

    [Fact]
    public void Of_AnyPartDiffers_IsAnotherKey()
    {
        var request = CacheWorld.Request();
        CacheRequest[] requests =
        [
            request, request with { Kind = CacheKind.Tool }, request with { Tenant = "other" }, request with { Tenant = "shared" }, request with { Maker = "capable" }, request with { MakerVersion = "1" },
            request with { Settings = new() { PromptVersion = "1" } }, request with { Settings = new() { Shared = true } }, request with { Input = Escaped("b") }, request with { Maker = "fa", MakerVersion = "st" },
        ];

        Assert.Equal(requests.Length, requests.Select(CacheKey.Of).Distinct().Count());
        Assert.Equal(CacheKey.Of(request with { Settings = new() { Shared = true } }), CacheKey.Of(request with { Tenant = "other", Settings = new() { Shared = true } }));
        Assert.Equal(CacheKey.Of(request), CacheKey.Of(request with { Settings = new() { Ttl = TimeSpan.FromHours(1), Tags = ["t"], Mode = CacheMode.Refresh } }));
    }

    [Fact]
    public void TryParse_WhatToStringWrote_IsTheSameKeyAndNothingElseIs()
    {
        var key = CacheKey.Of(CacheWorld.Request());
        var text = key.ToString();

        Assert.Matches("^[0-9a-f]{64}$", text);
        Assert.True(CacheKey.TryParse(text, out var read));
        Assert.Equal(key, read);
        Assert.True(CacheKey.TryParse(text.ToUpperInvariant(), out read) && read == key);
        Assert.All<string?>([null, "", text[1..], text + "0", "x" + text[1..]], wrong => Assert.False(CacheKey.TryParse(wrong, out _)));
    }

    [Fact]
    public async Task GetOrMake_KeysOfEveryUnicodeClass_AreKeptApartInTheStore()
    {
        using var world = new CacheWorld();
        foreach (var text in Texts) await world.Worker().Ask(Json(text), CacheWorld.Request() with { Input = Escaped(text) });
        var other = world.Worker();
        foreach (var text in Texts) Assert.Equal(Json(text), await other.Kept(CacheWorld.Request() with { Input = Escaped(text) }));
    }

    /// <summary>A JSON string all of escapes: the only way in which a lone surrogate can be in one.</summary>
    private static string Json(string text) => $"\"{string.Concat(text.Select(c => $"\\u{(int)c:X4}"))}\"";

    private static JsonElement Escaped(string text) => JsonDocument.Parse(Json(text)).RootElement;
}
