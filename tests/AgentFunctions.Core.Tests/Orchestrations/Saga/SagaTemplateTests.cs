using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Saga;

namespace AgentFunctions.Core.Tests.Orchestrations.Saga;

public sealed class SagaTemplateTests
{
    private static readonly Dictionary<string, JsonElement> Answers = new()
    {
        [""] = JsonElement.Parse("""{"id":7,"a/b":{"m~n":[10,{"x":null}]}}"""),
        ["pay"] = JsonElement.Parse("\"receipt\""),
    };

    [Theory]
    [InlineData("""{"id":{"$result":"/id"}}""", """{"id":7}""")]
    [InlineData("""{"all":[{"$result":""}],"n":1}""", """{"all":[{"id":7,"a/b":{"m~n":[10,{"x":null}]}}],"n":1}""")]
    [InlineData("""{"x":{"$result":"/a~1b/m~0n/0"}}""", """{"x":10}""")]
    [InlineData("""{"x":{"$result":"/a~1b/m~0n/1/x"}}""", """{"x":null}""")]
    [InlineData("""{"x":{"$result":"","$of":"pay"}}""", """{"x":"receipt"}""")]
    [InlineData("""{"x":{"result":"/id"},"y":"$result"}""", """{"x":{"result":"/id"},"y":"$result"}""")]
    public void Fill_Template_ReplacesReferencesAndNothingElse(string template, string filled) =>
        Assert.Equal(filled, SagaTemplate.Arguments.Fill(JsonElement.Parse(template), step => Answers[step ?? ""]).GetRawText());

    [Theory]
    [InlineData("/no")]
    [InlineData("/id/x")]
    [InlineData("/a~1b/m~0n/2")]
    [InlineData("/a~1b/m~0n/-1")]
    public void Fill_NothingAtThePointer_IsPermanentAndNamesIt(string path)
    {
        var template = JsonElement.Parse($$$"""{"x":{"$result":"{{{path}}}"}}""");
        var failure = Assert.Throws<PermanentFailureException>(() => SagaTemplate.Arguments.Fill(template, _ => Answers[""]));
        Assert.Contains($"'{path}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$result":"/a","more":1}""")]
    [InlineData("""{"$result":5}""")]
    [InlineData("""{"$result":"id"}""")]
    [InlineData("""{"$result":"/a","$of":3}""")]
    public void References_NoReference_SaysHowToWriteOne(string template) =>
        Assert.Throws<FormatException>(() => SagaTemplate.Arguments.References(JsonElement.Parse($"[{template}]")).ToList());
}
