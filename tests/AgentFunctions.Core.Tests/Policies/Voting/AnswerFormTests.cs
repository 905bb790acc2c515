using AgentFunctions.Core.Policies.Voting;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Voting;

public sealed class AnswerFormTests
{
    private const string Alphabet = "aBéÉzßΣσς İıﬁ ﬀＡ１－−–“”’'\"«».,;:!?…()*_`%+#-²\u0301\u0308\u030a\u0323\u200b\u00a0\u3000\ud83d\ude00\ud800\t\n059";

    [Theory]
    [InlineData("  Paris. ", "paris")]
    [InlineData("**PARIS**", "paris")]
    [InlineData("“Paris”", "paris")]
    [InlineData("The  answer\r\nis\tParis!", "the answer is paris")]
    [InlineData("Ｐａｒｉｓ", "paris")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("CAFÉ", "café")]
    [InlineData("ﬁve", "five")]
    [InlineData("(b)", "b")]
    [InlineData("B)", "b")]
    [InlineData("−5", "-5")]
    [InlineData(".5", ".5")]
    [InlineData("5.", "5")]
    [InlineData("...", "")]
    [InlineData("Vie\u0323\u0302t", "việt")]
    public void Of_Variant_IsThePlainForm(string answer, string form) => Assert.Equal(form, AnswerForm.Of(answer));

    [Theory]
    [InlineData("-5", "5")]
    [InlineData("5%", "5")]
    [InlineData("C#", "C")]
    [InlineData("C++", "C")]
    [InlineData("10²", "102")]
    [InlineData(".5", "5")]
    [InlineData("[1, 2)", "[1, 2]")]
    [InlineData("(1, 2)", "1, 2")]
    [InlineData("résumé", "resume")]
    public void Of_DifferentMeaning_StaysDifferent(string one, string other) => Assert.NotEqual(AnswerForm.Of(one), AnswerForm.Of(other));

    [Fact]
    public void Of_AnyText_AppliedTwiceIsAsOnce() => Check(text => AnswerForm.Of(AnswerForm.Of(text)) == AnswerForm.Of(text));

    [Fact]
    public void Of_AnyText_CaseAndSpaceAroundDoNotMatter() => Check(text => AnswerForm.Of($" \t{text.ToUpperInvariant()}\n") == AnswerForm.Of(text));

    [Fact]
    public void Of_EveryComposite_EqualsItsTwoCharacters()
    {
        foreach (var (pair, composite) in (IEnumerable<(string, string)>)[("A\u030a", "Å"), ("n\u0303", "ñ"), ("u\u0308", "ü"), ("c\u0327", "ç"), ("z\u030c", "ž"), ("и\u0306", "й"), ("ι\u0301", "ί")])
        {
            Assert.Equal(AnswerForm.Of(composite), AnswerForm.Of(pair));
        }
    }

    private static void Check(Func<string, bool> property)
    {
        var texts = Gen.Elements(Alphabet.ToCharArray()).ArrayOf().Select(characters => new string(characters));
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(texts.ToArbitrary(), property));
    }
}
