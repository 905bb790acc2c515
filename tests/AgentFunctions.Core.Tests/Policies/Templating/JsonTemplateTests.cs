using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Tests.Policies.Templating;

public sealed class JsonTemplateTests
{
    private static readonly JsonElement state = JsonElement.Parse("""{"a":{"b":[1,{"c":"x"}]},"n":null,"t":"{{a}} \"quoted\"","seven":7}""");

    [Theory]
    [InlineData("""{"v":{"$value":"a.b.1.c"}}""", """{"v":"x"}""")]
    [InlineData("""{"v":{"$value":"a.b"}}""", """{"v":[1,{"c":"x"}]}""")]
    [InlineData("""{"v":{"$value":"nothing","default":{"$value":"seven"}}}""", """{"v":7}""")]
    [InlineData("""{"v":{"$value":"n","default":1}}""", """{"v":null}""")]
    [InlineData("""["{{seven}} * {{ a.b.0 }}", "{{a.b}}"]""", """["7 * 1","[1,{\u0022c\u0022:\u0022x\u0022}]"]""")]
    [InlineData("""{"v":"{{t}}"}""", """{"v":"{{a}} \u0022quoted\u0022"}""")]
    [InlineData("""{"v":"{{not a path}} {{{seven}}} {{"}""", """{"v":"{{not a path}} {7} {{"}""")]
    [InlineData("""{"value":"a","$other":1}""", """{"value":"a","$other":1}""")]
    [InlineData("""{"v":{"$literal":{"x":{"$value":"a"},"y":["{{seven}}",{"$literal":1}]}},"w":"{{seven}}"}""", """{"v":{"x":{"$value":"a"},"y":["{{seven}}",{"$literal":1}]},"w":"7"}""")]
    [InlineData("""{"v":{"$value":"nothing","default":{"$literal":"{{a}}"}}}""", """{"v":"{{a}}"}""")]
    public void Render_Template_HasItsValues(string template, string expected) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), Render(template)), $"{Render(template)}");

    [Theory]
    [InlineData("""{"v":{"$value":"a.b.2"}}""", "a.b.2")]
    [InlineData("""{"v":"{{a.x}}"}""", "a.x")]
    [InlineData("""{"v":"{{seven.x}}"}""", "seven.x")]
    public void Render_NoValue_SaysWhichPath(string template, string path) =>
        Assert.Equal(path, Assert.Throws<PermanentFailureException>(() => Render(template)).Message);

    [Theory]
    [InlineData("""{"$value":"a b"}""")]
    [InlineData("""{"x":[{"$value":1}]}""")]
    [InlineData("""{"$value":"a","also":1}""")]
    [InlineData("""{"$value":"a..b"}""")]
    public void Fault_WrongPlaceholder_IsNamed(string template) => Assert.EndsWith("with nothing beside it but \"default\".", JsonTemplate.Fault(JsonElement.Parse(template)), StringComparison.Ordinal);

    [Fact]
    public void Fault_WrongPlaceholderInADefault_IsNamed() =>
        Assert.StartsWith("{\"$value\":1} is no placeholder.", JsonTemplate.Fault(JsonElement.Parse("""{"$value":"a","default":[{"$value":1}]}""")), StringComparison.Ordinal);

    [Fact]
    public void Fault_LiteralWithSomethingBesideIt_IsNamed() =>
        Assert.Equal("{\"$literal\":1,\"also\":2} is no literal. Write {\"$literal\": …}, with nothing beside it.", JsonTemplate.Fault(JsonElement.Parse("""[{"$literal":1,"also":2}]""")));

    [Theory]
    [InlineData("""{"$literal":{"$value":5}}""")]
    [InlineData("""["{{not a path}}"]""")]
    public void Fault_NoPlaceholder_IsNull(string template) => Assert.Null(JsonTemplate.Fault(JsonElement.Parse(template)));

    [Theory]
    [InlineData("""{"a":[1,"x"]}""", """{"a":[1,"x"]}""")]
    [InlineData("""{"a":"{{b}}"}""", """{"$literal":{"a":"{{b}}"}}""")]
    [InlineData("""[{"$value":"b"}]""", """{"$literal":[{"$value":"b"}]}""")]
    [InlineData("""{"$literal":1}""", """{"$literal":{"$literal":1}}""")]
    public void Of_Value_IsATemplateThatStandsForIt(string value, string template)
    {
        var made = JsonTemplate.Of(JsonElement.Parse(value));
        Assert.Equal(template, made.GetRawText());
        Assert.Equal(value, JsonTemplate.Constant(made)!.Value.GetRawText());
    }

    [Theory]
    [InlineData("""{"x":"{{a}}"}""")]
    [InlineData("""{"$value":"a","default":1}""")]
    public void Constant_TemplateThatAsks_IsNull(string template) => Assert.Null(JsonTemplate.Constant(JsonElement.Parse(template)));

    [Fact]
    public void Uses_Literal_AreNone() => Assert.Empty(JsonTemplate.Uses(JsonElement.Parse("""{"$literal":["{{a}}",{"$value":"b"}]}""")));

    [Fact]
    public void Uses_Template_NamesEveryPath() =>
        Assert.Equal(
            [new("a", false), new("b.c", true), new("d", false), new("e", false)],
            JsonTemplate.Uses(JsonElement.Parse("""{"x":"{{a}}","y":[{"$value":"b.c","default":"{{d}}"}],"z":{"$value":"e"}}""")));

    private static JsonElement Render(string template) => JsonTemplate.Render(
        JsonElement.Parse(template),
        path => ValuePath.Find(state, path),
        path => new PermanentFailureException(path));
}
