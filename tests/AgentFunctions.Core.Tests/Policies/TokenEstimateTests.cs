using AgentFunctions.Core.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("four", 1)]
    [InlineData("fives", 2)]
    [InlineData("日本語", 3)]
    [InlineData("Привет", 3)]
    [InlineData("😀", 2)]
    public void Count_KnownTexts_FollowsTheRule(string text, int tokens) => Assert.Equal(tokens, TokenEstimate.Count(text));

    [Fact]
    public void Count_Prefix_IsNeverAboveTheWhole() =>
        Prop.ForAll<string, int>((text, at) =>
        {
            text ??= "";
            var cut = text.Length == 0 ? 0 : Math.Abs(at % (text.Length + 1));
            return TokenEstimate.Count(text.AsSpan(0, cut)) <= TokenEstimate.Count(text);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Count_TwoHalves_AreTheWholeUpToRounding() =>
        Prop.ForAll<string, string>((left, right) =>
        {
            left ??= "";
            right ??= "";
            return TokenEstimate.Count(left) + TokenEstimate.Count(right) - TokenEstimate.Count(left + right) is 0 or 1;
        }).QuickCheckThrowOnFailure();
}
