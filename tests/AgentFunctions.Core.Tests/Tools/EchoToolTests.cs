using System.Text.Json;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class EchoToolTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("""{"a":[1,"ü",true]}""")]
    public async Task Invoke_AnyValue_IsReturned(string value) => Assert.Equal(value, (await new EchoTool().CallAsync($$"""{"value":{{value}}}""")).GetRawText());

    [Fact]
    public async Task Invoke_NoValue_NamesTheArgument() => Assert.Equal("The tool 'echo' needs the argument 'value'. Set it.", await new EchoTool().RefusalAsync("{}"));

    [Fact]
    public async Task Invoke_UnknownArgument_NamesWhatItTakes() =>
        Assert.Equal("The tool 'echo' has no argument 'valeu'. It takes: value.", await new EchoTool().RefusalAsync("""{"valeu":1}"""));

    [Fact]
    public async Task Invoke_ClrValue_IsReadAsJson() =>
        Assert.Equal(5, ((JsonElement)(await new EchoTool().InvokeAsync(new AIFunctionArguments { ["value"] = 5 }))!).GetInt32());
}
