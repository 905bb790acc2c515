using System.Text.Json;
using AgentFunctions.Core.Tools.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Tools.Schemas;

public sealed class JsonValueSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"type":["string","null"]}""", "1", false)]
    [InlineData("""{"enum":[1,"a",null]}""", "1.0", true)]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1}""", true)]
    [InlineData("""{"minimum":1,"exclusiveMaximum":2}""", "1", true)]
    [InlineData("""{"minimum":1,"exclusiveMaximum":2}""", "2", false)]
    [InlineData("""{"multipleOf":0.1}""", "0.3", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", false)]
    [InlineData("""{"minimum":1e300}""", "1e308", true)]
    [InlineData("""{"maxLength":1}""", "\"\\ud83d\\ude00\"", true)]
    [InlineData("""{"pattern":"^a+$"}""", "\"aaa\"", true)]
    [InlineData("""{"pattern":"^(?=a)b"}""", "\"b\"", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,1.0]", false)]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a"]""", true)]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a",1]""", false)]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}""", """["a",1]""", false)]
    [InlineData("""{"contains":{"const":1},"minContains":2,"maxContains":2}""", "[1,2,1]", true)]
    [InlineData("""{"contains":{"const":1},"minContains":2,"maxContains":2}""", "[1,1,1]", false)]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"abc":1}""", false)]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":"1"}""", true)]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", false)]
    [InlineData("""{"dependencies":{"a":{"required":["b"]}}}""", """{"a":1,"b":2}""", true)]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "2", false)]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", false)]
    [InlineData("""{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},"else":{"required":["y"]}}""", """{"kind":"b","y":1}""", true)]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}""", """{"a":1,"b":2}""", true)]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}""", """{"a":1,"c":2}""", false)]
    [InlineData("""{"prefixItems":[true],"contains":{"const":9},"unevaluatedItems":false}""", "[1,9]", true)]
    [InlineData("""{"prefixItems":[true],"contains":{"const":9},"unevaluatedItems":false}""", "[1,8,9]", false)]
    [InlineData("""{"$defs":{"tree":{"type":"object","properties":{"kids":{"items":{"$ref":"#/$defs/tree"}}},"additionalProperties":false}},"$ref":"#/$defs/tree"}""", """{"kids":[{"kids":[{}]}]}""", true)]
    [InlineData("""{"$defs":{"tree":{"type":"object","properties":{"kids":{"items":{"$ref":"#/$defs/tree"}}},"additionalProperties":false}},"$ref":"#/$defs/tree"}""", """{"kids":[{"kidz":[]}]}""", false)]
    [InlineData("""{"$defs":{"a":{"$anchor":"here","const":1}},"$ref":"#here"}""", "2", false)]
    [InlineData("true", "1", true)]
    [InlineData("false", "1", false)]
    public void Accepts_ByKeyword_IsAsTheSpecificationSays(string schema, string value, bool fits)
    {
        var compiled = JsonValueSchema.Compile(Json(schema));
        Assert.Equal(fits, compiled.Accepts(Json(value)));
        Assert.Equal(fits, compiled.Check(Json(value)).Count == 0);
    }

    [Fact]
    public void Check_SeveralFaults_NamesEachWithPathValueAndWhatIsAllowed()
    {
        var schema = JsonValueSchema.Compile(Json("""{"type":"object","properties":{"city":{"type":"string","minLength":2},"days":{"type":"array","items":{"type":"integer","maximum":7}},"unit":{"enum":["C","F"]}},"required":["city","unit"],"additionalProperties":false}"""));
        var findings = schema.Check(Json("""{"days":[1,9,"x"],"unit":"K","extra":1}"""));
        Assert.Equal(
            [
                ("city", "It is missing. Set it."),
                ("days[1]", "It is 9. It must be at most 7."),
                ("days[2]", "It is \"x\". It must be of type integer."),
                ("unit", "It is \"K\". It must be one of: \"C\", \"F\"."),
                ("extra", "It is not known. Leave it out, or use one of: city, days, unit."),
            ],
            findings.Select(finding => (finding.Path, finding.Message)));
    }

    [Fact]
    public void Check_NoAlternativeFits_SaysWhatIsWrongWithEach()
    {
        var schema = JsonValueSchema.Compile(Json("""{"anyOf":[{"type":"string"},{"type":"object","required":["id"]}]}"""));
        var finding = Assert.Single(schema.Check(Json("""{}""")));
        Assert.Equal("It is {}, which fits none of 2 alternatives. (1) It is {}. It must be of type string. (2) id: It is missing. Set it.", finding.Message);
    }

    [Fact]
    public void Check_ManyFaults_StopsAtTen() =>
        Assert.Equal(10, JsonValueSchema.Compile(Json("""{"items":{"type":"string"}}""")).Check(Json($"[{string.Join(',', Enumerable.Repeat("1", 500))}]")).Count);

    [Theory]
    [InlineData("""{"$ref":"https://example.com/schema.json"}""", "never fetched")]
    [InlineData("""{"properties":{"a":{"$ref":"other.json#/x"}}}""", "/properties/a/$ref")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "which the schema does not have")]
    [InlineData("""{"$dynamicRef":"#x"}""", "/$dynamicRef")]
    [InlineData("""{"type":"text"}""", "'text' is no type")]
    [InlineData("""{"properties":[]}""", "/properties")]
    [InlineData("""{"minLength":-1}""", "Write a whole number")]
    [InlineData("""{"pattern":"("}""", "no regular expression")]
    [InlineData("""{"exclusiveMinimum":true}""", "draft 4")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "$schema is")]
    [InlineData("""{"items":5}""", "Write a schema")]
    [InlineData("""{"required":"a"}""", "Write an array of strings")]
    public void Compile_BrokenSchema_IsRefusedWithItsPlace(string schema, string words) =>
        Assert.Contains(words, Assert.Throws<SchemaException>(() => JsonValueSchema.Compile(Json(schema))).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_ReferenceInACircle_EndsWithAnError() =>
        Assert.Contains("without end", Assert.Throws<SchemaException>(() => JsonValueSchema.Compile(Json("""{"$ref":"#"}""")).Check(Json("1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Accepts_BoundsDrawnAtRandom_AgreeWithArithmetic() => Prop.ForAll(
        Gen.Choose(-1000, 1000).Three().ToArbitrary(),
        drawn =>
        {
            var (value, least, most) = drawn;
            var schema = JsonValueSchema.Compile(Json($$"""{"minimum":{{least}},"exclusiveMaximum":{{most}}}"""));
            return schema.Accepts(Json($"{value}")) == (value >= least && value < most);
        }).QuickCheckThrowOnFailure();

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
