using System.Text.Json;
using AgentFunctions.Core.Policies.Routing;

namespace AgentFunctions.Core.Tests.Policies.Routing;

public sealed class AnswerCheckTests
{
    private static readonly AnswerCheck Schema = new() { Schema = JsonElement.Parse("""{"type":"object","required":["total"],"properties":{"total":{"type":"number"}}}""") };
    private static readonly AnswerCheck Labels = new() { Labels = ["Bug", "feature request"] };

    public static TheoryData<AnswerCheck, string, string?> Answers => new()
    {
        { Schema, """{"total":3}""", null },
        { Schema, "```json\n{\"total\":3}\n```", null },
        { Schema, "  \n{\"total\": 3.5}  ", null },
        { Schema, """{"total":"3"}""", "it does not fit the schema: total: " },
        { Schema, """{}""", "it does not fit the schema: " },
        { Schema, "The total is 3.", "it is no JSON: " },
        { Labels, "bug", null },
        { Labels, " **Feature Request**. ", null },
        { Labels, "It is a bug", "'It is a bug' is none of the 2 labels" },
        { new() { Pattern = "^[A-Z]{3}-[0-9]+$" }, " ABC-12 ", null },
        { new() { Pattern = "^[A-Z]{3}-[0-9]+$" }, "abc-12", "it does not match '^[A-Z]{3}-[0-9]+$'" },
        { new() { Pattern = "^(a+)+$" }, new string('a', 60) + "!", "to match it with '^(a+)+$' took more than 250 ms" },
        { new() { MinCharacters = 5 }, "1234 ", "it has 4 characters of at least 5" },
        { new() { MinCharacters = 5, MaxCharacters = 5 }, "12345", null },
        { new() { MaxCharacters = 5 }, "123456", "it has 6 characters of at most 5" },
        { new() { NoRefusal = true }, "The canal was dug in 1830.", null },
        { new() { NoRefusal = true }, "Well, I don’t know.", "it says 'i don't know'" },
        { new() { NoRefusal = true }, "AS AN AI model I can't say.", "it says 'as an ai'" },
        { new() { NoRefusal = true }, "He works as an aide.", null },
        { new() { MustNotContain = ["TBD", "lorem"] }, "Lorem ipsum", "it contains 'lorem'" },
        { new() { MustNotContain = ["TBD"] }, "All is said.", null },
        { new() { MustCite = true }, "It rose [2].", null },
        { new() { MustCite = true }, "See https://example.org/a.", null },
        { new() { MustCite = true }, "It rose [much].", "it cites nothing" },
        { new() { MustCite = true, Sources = ["report.pdf"] }, "It rose [Report.pdf].", null },
        { new() { MustCite = true, Sources = ["report.pdf"] }, "It rose [1].", "it cites none of the sources" },
        { new() { MustCite = true }, " ", "it has no text" },
        { new() { MinCharacters = 2, Labels = ["no", "yes"] }, "no", null },
        { new() { MinCharacters = 3, Labels = ["no", "yes"] }, "no", "it has 2 characters of at least 3" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void FaultOf_Answer_IsToldOrNone(AnswerCheck check, string answer, string? fault)
    {
        Assert.Empty(AnswerCheckRules.Errors(check, "accept"));
        var found = new AnswerChecker(check).FaultOf(answer);
        if (fault is null) Assert.Null(found);
        else Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    public static TheoryData<AnswerCheck, string> Wrong => new()
    {
        { new(), "accept says nothing of the answer." },
        { new() { Required = true }, "accept says nothing of the answer." },
        { new() { Schema = JsonElement.Parse("""{"type":"thing"}""") }, "accept.schema can't be used: " },
        { new() { Labels = [] }, "accept.labels has 0 entries. Set 1 to 1000." },
        { new() { Labels = ["a", " "] }, "accept.labels[1] is ' '." },
        { new() { MustNotContain = [new string('x', 201)] }, "accept.mustNotContain[0] is 'xx" },
        { new() { MustNotContain = [.. Enumerable.Repeat("x", 101)] }, "accept.mustNotContain has 101 entries. Set 1 to 100." },
        { new() { Pattern = "(" }, "accept.pattern is '(', which is no regular expression: " },
        { new() { Pattern = "" }, "accept.pattern has 0 characters. Set 1 to 2,000." },
        { new() { MinCharacters = 0 }, "accept.minCharacters is 0. Set it to between 1 and 1,000,000." },
        { new() { MaxCharacters = 1_000_001 }, "accept.maxCharacters is 1000001. Set it to between 1 and 1,000,000." },
        { new() { MinCharacters = 3, MaxCharacters = 2 }, "accept.minCharacters is 3, above maxCharacters, which is 2." },
        { new() { Pattern = "a", Sources = ["b"] }, "accept.sources is set, but mustCite is not" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Errors_WrongCheck_SaysWhatAndWhatToDo(AnswerCheck check, string error) => Assert.StartsWith(error, Assert.Single(AnswerCheckRules.Errors(check, "accept")), StringComparison.Ordinal);
}
