using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class ToolRegistryTests
{
    private static readonly AIFunction twice = AIFunctionFactory.Create((int number) => 2 * number, "twice");

    [Fact]
    public void Names_SeveralTools_AreInOrder() => Assert.Equal(["calculate", "echo", "twice"], new ToolRegistry([twice, new EchoTool(), new CalculateTool()]).Names);

    [Fact]
    public void Get_Known_IsTheTool() => Assert.Same(twice, new ToolRegistry([new EchoTool(), twice]).Get("twice"));

    [Fact]
    public void Get_Unknown_NamesThoseThereAre()
    {
        var error = Assert.Throws<PermanentFailureException>(() => new ToolRegistry([twice, new EchoTool()]).Get("thrice"));
        Assert.Equal("There is no tool 'thrice'. There are: echo, twice.", error.Message);
    }

    [Fact]
    public void Get_NoTools_SaysHowToAddOne() =>
        Assert.Contains("AddTool", Assert.Throws<PermanentFailureException>(() => new ToolRegistry([]).Get("x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Contains_OtherCase_IsFalse()
    {
        var tools = new ToolRegistry([twice]);
        Assert.True(tools.Contains("twice"));
        Assert.False(tools.Contains("Twice"));
    }

    [Fact]
    public void Constructor_SameNameTwice_IsRefused() =>
        Assert.Contains("'echo'", Assert.Throws<ArgumentException>(() => new ToolRegistry([new EchoTool(), new EchoTool()])).Message, StringComparison.Ordinal);
}
