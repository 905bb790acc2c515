using System.Globalization;
using AgentFunctions.App.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.App.Tests.Storage;

public sealed class TableKeysTests
{
    private static readonly Gen<char> AnyChar = Gen.OneOf(
        Gen.Elements<char>('/', '\\', '#', '?', '~', '!', '%', '\0', '\n', '\u007f', '\u0085', '\ud800', '\udc00', 'a', 'A', '-', '.', '_', 'é', '中', ' '),
        Gen.Choose(char.MinValue, char.MaxValue).Select(c => (char)c));

    private static readonly Gen<string> AnyText = AnyChar.ArrayOf().Select(c => new string(c));

    [Fact]
    public void Escape_AnyText_IsALegalKey() =>
        Prop.ForAll(AnyText.ToArbitrary(), text => TableLimits.CheckKey(TableKeys.Escape(text))).QuickCheckThrowOnFailure();

    [Fact]
    public void Escape_TwoTexts_ShareAKeyOnlyWhereTheyAreEqual()
    {
        // Near neighbours: one character of difference, or what the other escapes to.
        var pairs = from text in AnyText
                    from at in Gen.Choose(0, text.Length)
                    from character in AnyChar
                    from kind in Gen.Choose(0, 2)
                    select (text, kind == 0 ? text.Insert(at, character.ToString()) : kind == 1 ? TableKeys.Escape(text) : text[..at] + character + (at < text.Length ? text[(at + 1)..] : ""));
        Prop.ForAll(pairs.ToArbitrary(), pair => Assert.Equal(string.Equals(pair.text, pair.Item2, StringComparison.Ordinal), TableKeys.Escape(pair.text) == TableKeys.Escape(pair.Item2))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Escape_EveryUtf16Unit_IsLegalAndDistinct()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var classes = new HashSet<UnicodeCategory>();
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var key = TableKeys.Escape(((char)c).ToString());
            TableLimits.CheckKey(key);
            Assert.True(keys.Add(key), $"U+{c:X4} shares the key '{key}'.");
            classes.Add(char.GetUnicodeCategory((char)c));
        }

        Assert.Equal(Enum.GetValues<UnicodeCategory>().Length, classes.Count);
    }

    [Theory]
    [InlineData("plain-key_1.0", "plain-key_1.0")]
    [InlineData("", "~")]
    [InlineData("a/b", "a~002fb")]
    [InlineData("~", "~007e")]
    public void Escape_Text_IsReadable(string text, string key) => Assert.Equal(key, TableKeys.Escape(text));

    [Fact]
    public void Escape_LongText_IsItsHash()
    {
        var key = TableKeys.Escape(new string('a', TableKeys.Longest + 1));
        Assert.Matches("^~~[0-9a-f]{64}$", key);
        Assert.NotEqual(key, TableKeys.Escape(new string('a', TableKeys.Longest + 2)));
        Assert.Equal(TableKeys.Longest, TableKeys.Escape(new string('a', TableKeys.Longest)).Length);
    }

    [Fact]
    public void Escape_LongTextsOfDifferentLoneSurrogates_Differ() =>
        Assert.NotEqual(TableKeys.Escape(new string('\ud800', 300)), TableKeys.Escape(new string('\ud801', 300)));

    [Fact]
    public void Join_AnyTwoTexts_IsLegalAndKeepsThemApart() =>
        Prop.ForAll(AnyText.ToArbitrary(), AnyText.ToArbitrary(), (first, second) =>
        {
            TableLimits.CheckKey(TableKeys.Join(first, second));
            Assert.Equal(first == second, TableKeys.Join(first, second) == TableKeys.Join(second, first));
            Assert.NotEqual(TableKeys.Join(first, second), TableKeys.Join(first + "!", second));
            Assert.NotEqual(TableKeys.Join(first, "!" + second), TableKeys.Join(first + "!", second));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_LongTexts_StayWithinOneKey() => TableLimits.CheckKey(TableKeys.Join(new string('/', 5000), new string('\u0001', 5000)));
}
