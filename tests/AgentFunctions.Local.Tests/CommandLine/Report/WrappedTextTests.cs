using AgentFunctions.Local.CommandLine.Report;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.CommandLine.Report;

public sealed class WrappedTextTests
{
    [Fact]
    public void Wrap_ListAndParagraph_KeepsLinesAndIndents() =>
        Assert.Equal(
            string.Join(Environment.NewLine, "one two", "three", "", "  - four", "  five", "sixsevens"),
            WrappedText.Wrap("one two three\n\n  - four five\nsixsevens\n", 8));

    [Fact]
    public void Wrap_AnyText_KeepsEveryWordAndNoLineIsLongerThanItMustBe() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<PositiveInt>(), (text, width) =>
        {
            var wrapped = WrappedText.Wrap(text.Get, width.Get);
            Assert.Equal(Words(text.Get), Words(wrapped));
            Assert.All(wrapped.Split(Environment.NewLine), line => Assert.True(line.Length <= width.Get || line.Trim(' ').IndexOf(' ', StringComparison.Ordinal) < 0, $"'{line}' is over {width.Get}"));
        }).QuickCheckThrowOnFailure();

    private static string[] Words(string text) => text.ReplaceLineEndings("\n").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
