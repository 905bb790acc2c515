using System.Text.Json;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Tests.Policies.Templating;

public sealed class ValuePathTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("a.0.b_c-D", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public void IsPath_Text_IsOneOfLettersDigitsAndDots(string text, bool expected) => Assert.Equal(expected, ValuePath.IsPath(text));

    [Fact]
    public void IsPath_MoreThan500Characters_IsNone()
    {
        Assert.True(ValuePath.IsPath(new string('a', 500)));
        Assert.False(ValuePath.IsPath(new string('a', 501)));
    }

    [Theory]
    [InlineData(null, """{"id":7,"rows":[[1,2],null]}""")]
    [InlineData("id", "7")]
    [InlineData("rows.0.1", "2")]
    [InlineData("rows.1", "null")]
    [InlineData("rows.2", null)]
    [InlineData("rows.-1", null)]
    [InlineData("rows.1.x", null)]
    [InlineData("id.x", null)]
    [InlineData("no", null)]
    public void Find_Path_IsTheValueOrNull(string? path, string? expected) =>
        Assert.Equal(expected, ValuePath.Find(JsonElement.Parse("""{"id":7,"rows":[[1,2],null]}"""), path)?.GetRawText());
}
