using AgentFunctions.Core.Policies.Semantics;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Semantics;

public class MeaningTests
{
    private static readonly string[] Pieces =
    [
        "how", "do", "does", "did", "I", "can", "not", "can't", "my", "the", "a", "card", "cards", "was", "charged", "is", "working", "if", "tell me", "why", "from", "to", "Berlin", "20", "$5", "two", "hundred", ",", ".", "?", "May", "5th", "please",
        "hello", "what", "'s", "France's", "capital", "of", "should", "do?", "\"quoted\"", "`code`", "c#", "😡", "卡", "-", "U.S.", "1/2", "½", "top", "up", "have", "been", "get", "help me", "who", "no", "longer",
    ];

    private static readonly Gen<string> Questions = Gen.Elements(Pieces).ArrayOf().Select(pieces => string.Join(' ', pieces));

    [Theory]
    [InlineData("")]
    [InlineData("   \t\n")]
    [InlineData("?!… --- ()")]
    public void Read_Blank_Null(string question) => Assert.Null(MeaningReader.Read(question));

    [Fact]
    public void Read_TooLong_Null() => Assert.Null(MeaningReader.Read(new string('a', MeaningReader.LongestQuestion + 1)));

    [Fact]
    public void Read_TooManyWords_OnlyExact() => Assert.False(MeaningReader.Read(string.Join(' ', Enumerable.Repeat("card", MeaningReader.MostWords + 1)))!.IsUnderstood);

    [Theory]
    [InlineData("refund")]
    [InlineData("我的卡在哪里")]
    [InlineData("أين بطاقتي")]
    [InlineData("Wo ist meine Karte geblieben?")]
    [InlineData("😡😡😡")]
    public void Read_NotUnderstood_OnlyExact(string question)
    {
        var meaning = MeaningReader.Read(question)!;
        Assert.False(meaning.IsUnderstood);
        Assert.StartsWith("=", meaning.Intent, StringComparison.Ordinal);
        Assert.Equal(1, Score(question, question.ToUpperInvariant() + " "));
    }

    [Theory]
    [InlineData("👍 deal", "👎 deal")]
    [InlineData("我要存钱", "我要取钱")]
    [InlineData("Mi tarjeta no funciona bien", "Mi tarjeta funciona bien")]
    [InlineData("What does `the` mean?", "What does `a` mean?")]
    [InlineData("What is 10²?", "What is 102?")]
    [InlineData("Is it legal in the US?", "Is it legal in the UK?")]
    [InlineData("C++ loop syntax", "C# loop syntax")]
    public void Likeness_OtherMeaning_Refused(string one, string other) => Assert.Null(Score(one, other));

    [Theory]
    [InlineData("How do I reset my password?", "?how reset password")]
    [InlineData("Could you please tell me why my card was declined?", "why was card decline+n")]
    [InlineData("Convert $1,000 to euros", "convert #1000 usd to eur")]
    [InlineData("Where is my card?", "where be card")]
    [InlineData("I haven't received my card yet", "pnot get+d card")]
    [InlineData("The meeting is on 5 May", "meeting be on @may #5")]
    [InlineData("What is France's capital?", "what be capital of france")]
    public void Intent_Question_ItsWordsInOneForm(string question, string intent) => Assert.Equal(intent, MeaningReader.Read(question)!.Intent);

    [Fact]
    public void Likeness_AnyQuestion_LikeItself() => Holds(Prop.ForAll(Questions.ToArbitrary(), question => MeaningReader.Read(question) is null || Score(question, question) == 1));

    [Fact]
    public void Likeness_AnyTwo_SymmetricAndBetweenZeroAndOne() => Holds(Prop.ForAll(Questions.ToArbitrary(), Questions.ToArbitrary(), (one, other) =>
        Score(one, other) == Score(other, one) && Score(one, other) is null or (>= 0 and <= 1)));

    [Fact]
    public void Likeness_OneWordLess_NeverMoreThanWithMissingWord() => Holds(Prop.ForAll(Questions.ToArbitrary(), Gen.Elements("card", "refund", "virtual", "old").ToArbitrary(), (question, word) =>
        Score(question, question + " " + word) is null or <= Likeness.MostWithMissingWord));

    [Fact]
    public void Likeness_SameIntent_AboveDefaultThreshold() => Holds(Prop.ForAll(Questions.ToArbitrary(), question =>
        Score(question, "Hello, " + question) is not { } score || MeaningReader.Read(question)!.Intent != MeaningReader.Read("Hello, " + question)!.Intent || score >= 0.9));

    [Fact]
    public void Plain_AppliedTwice_AsOnce() => Holds(Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => text is null || PlainText.Of(PlainText.Of(text)) == PlainText.Of(text)));

    [Fact]
    public void Read_AnyText_NeverThrows() => Holds(Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => text is null || MeaningReader.Read(text) is null || MeaningReader.Read(text)!.Intent.Length > 0));

    private static double? Score(string one, string other) =>
        MeaningReader.Read(one) is { } a && MeaningReader.Read(other) is { } b ? Likeness.Of(a, b, term => term.Kind == TermKind.Content ? 1000 : 500) : null;

    private static void Holds(Property property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), property);
}
