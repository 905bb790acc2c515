using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Caching;

public sealed class CanonicalPromptTests
{
    private static readonly ChatMessage[] Hi = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")];

    [Fact]
    public void Write_CallsWithOtherIds_AreTheSame() => Assert.Equal(Form(Conversation("c1", "c2")), Form(Conversation("call_a8f", "call_77")));

    [Fact]
    public void Write_ResultsOfOtherCalls_Differ()
    {
        var swapped = Conversation("c1", "c2");
        (swapped[2], swapped[3]) = (new(ChatRole.Tool, [new FunctionResultContent("c2", "one")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "two")]));
        Assert.NotEqual(Form(Conversation("c1", "c2")), Form(swapped));
    }

    [Fact]
    public void Write_ToolsInAnotherOrder_AreTheSame()
    {
        var (a, b) = (AIFunctionFactory.Create((int x) => x, "a"), AIFunctionFactory.Create((string y) => y, "b"));
        Assert.Equal(Form(Hi, new() { Tools = [a, b] }), Form(Hi, new() { Tools = [b, a] }));
    }

    private static List<ChatOptions> Different() =>
    [
        new ChatOptions { MaxOutputTokens = 10 },
        new ChatOptions { Temperature = 0 },
        new ChatOptions { TopP = 0.5f },
        new ChatOptions { TopK = 3 },
        new ChatOptions { Seed = 1 },
        new ChatOptions { FrequencyPenalty = 1 },
        new ChatOptions { PresencePenalty = 1 },
        new ChatOptions { Instructions = "Be loud." },
        new ChatOptions { StopSequences = ["."] },
        new ChatOptions { StopSequences = [".", "!"] },
        new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } },
        new ChatOptions { ResponseFormat = ChatResponseFormat.Json },
        new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse("""{"type":"object"}""")) },
        new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "a")] },
        new ChatOptions { Tools = [AIFunctionFactory.Create((string x) => x, "a")] },
        new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "a", "Says x.")] },
        new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "a")], ToolMode = ChatToolMode.RequireAny },
        new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "a")], ToolMode = ChatToolMode.None },
        new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "a")], AllowMultipleToolCalls = false },
        new ChatOptions { AdditionalProperties = new() { [ModelProperties.Purpose] = ModelPurpose.Rank } },
        new ChatOptions { AdditionalProperties = new() { ["user"] = "x" } },
    ];

    [Fact]
    public void Write_EachOption_TellsPromptsApart()
    {
        string?[] forms = [Form(Hi), Form(Hi, sample: 1), Form(Hi, sample: 2), .. Different().Select(options => Form(Hi, options))];
        Assert.All(forms, Assert.NotNull);
        Assert.Equal(forms.Length, forms.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Write_WhatOnlyTellsForWhomItIsMade_HasNoPartInIt() => Assert.Equal(
        Form(Hi, new() { AdditionalProperties = new() { ["agentfunctions.affinity"] = "run-1", [ModelProperties.CacheScope] = new ModelCacheScope { Tenant = "acme" } } }),
        Form(Hi, new() { AdditionalProperties = new() { ["agentfunctions.affinity"] = "run-2" } }));

    [Fact]
    public void Write_MessagesThatDiffer_TellPromptsApart()
    {
        ChatMessage[][] prompts =
        [
            Hi,
            [.. Hi.Reverse()],
            [new(ChatRole.User, "Be brief."), new(ChatRole.User, "Hi")],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, [new TextContent("H"), new TextContent("i")])],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, "hi")],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi") { AuthorName = "Ann" }],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, [new DataContent(new byte[] { 2 }, "image/png")])],
            [new(ChatRole.System, "Be brief."), new(ChatRole.User, [new TextReasoningContent("Hi")])],
        ];
        Assert.Equal(prompts.Length, prompts.Select(prompt => Form(prompt)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Write_WhatMayDependOnAnything_HasNoForm()
    {
        Assert.Null(Form([new(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png")])]));
        Assert.Null(Form(Hi, new() { Tools = [new HostedWebSearchTool()] }));
        Assert.Null(Form(Hi, new() { ConversationId = "thread-1" }));
        Assert.Null(Form(Hi, new() { RawRepresentationFactory = _ => null }));
        Assert.Null(Form(Hi, new() { AdditionalProperties = new() { ["x"] = new object() } }));
    }

    [Fact]
    public void ScopeOf_OtherQuestions_IsEqualAndAllElseTellsApart()
    {
        var scope = Scope(Hi, "Hi");
        Assert.NotNull(scope);
        Assert.Equal(scope, Scope([Hi[0], new(ChatRole.User, "Bye")], "Bye"));
        Assert.NotEqual(scope, Scope([new(ChatRole.System, "Be long."), Hi[1]], "Hi"));
        Assert.NotEqual(scope, Scope(Hi, "Hi", maker: "other"));
        Assert.Null(Scope([Hi[0], new(ChatRole.Assistant, "Hi")], "Hi"));
        Assert.Null(Scope([Hi[0], new(ChatRole.User, [new TextContent("Hi"), new TextContent("!")])], "Hi"));
    }

    private static string? Scope(ChatMessage[] messages, string question, string maker = "m") => CanonicalPrompt.ScopeOf(messages, new ChatOptions(), sample: null, question, maker);

    private static string? Form(ChatMessage[] messages, ChatOptions? options = null, int? sample = null) => CanonicalPrompt.Write(messages, options ?? new ChatOptions(), sample) is { } form ? CanonicalJson.Write(form) : null;

    private static ChatMessage[] Conversation(string first, string second) =>
    [
        new(ChatRole.User, "Hi"),
        new(ChatRole.Assistant, [new FunctionCallContent(first, "search", new Dictionary<string, object?> { ["b"] = 1, ["a"] = "x" }), new FunctionCallContent(second, "search", new Dictionary<string, object?> { ["a"] = "y" })]),
        new(ChatRole.Tool, [new FunctionResultContent(first, "one")]),
        new(ChatRole.Tool, [new FunctionResultContent(second, "two")]),
    ];
}
