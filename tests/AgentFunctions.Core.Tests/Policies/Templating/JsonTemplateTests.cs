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
    [InlineData("""{"state":"a","$other":1}""", """{"state":"a","$other":1}""")]
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
    public void Uses_Template_NamesEveryPath() =>
        Assert.Equal(
            [new("a", false), new("b.c", true), new("d", false), new("e", false)],
            JsonTemplate.Uses(JsonElement.Parse("""{"x":"{{a}}","y":[{"$value":"b.c","default":"{{d}}"}],"z":{"$value":"e"}}""")));

    private static JsonElement Render(string template) => JsonTemplate.Render(
        JsonElement.Parse(template),
        path => ValuePath.TryFind(state, path, out var value) ? value : null,
        path => new PermanentFailureException(path));
}
