using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using McpServerOptions = AgentFunctions.Core.Tools.Mcp.McpServerOptions;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

public sealed class McpConnectionTests
{
    private readonly TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Connect_Server_RegistersItsToolsWithPrefixEffectAndVersion()
    {
        await using var server = new InProcessServer(
            Tool("read", () => "r", new() { ReadOnly = true }),
            Tool("put", () => "p", new() { Idempotent = true, Destructive = false }),
            Tool("append", () => "a", new() { Destructive = false }),
            Tool("unsaid", () => "u"));
        await using var fixture = new McpFixture(new EchoTool());
        fixture.Connect("notes", () => server);
        await fixture.SettledAsync();
        Assert.Equal(["echo", "notes_append", "notes_put", "notes_read", "notes_unsaid"], fixture.Tools.Names);
        Assert.Equal([ToolEffect.Unsafe, ToolEffect.Idempotent, ToolEffect.ReadOnly, ToolEffect.Unsafe], fixture.Tools.Names.Skip(1).Select(name => fixture.Tools.Find(name).Description.Effect));
        Assert.Equal("1.2.3", fixture.Tools.Find("notes_read").Version);
    }

    [Fact]
    public async Task Connect_AnnotationsAreNotTrusted_EveryToolIsUnsafe()
    {
        await using var server = new InProcessServer(Tool("read", () => "r", new() { ReadOnly = true }));
        await using var fixture = new McpFixture();
        fixture.Connect("notes", () => server, new McpServerOptions { TrustAnnotations = false, Prefix = "" });
        await fixture.SettledAsync();
        Assert.Equal(ToolEffect.Unsafe, fixture.Tools.Find("read").Description.Effect);
    }

    [Fact]
    public async Task Call_Texts_AreJson()
    {
        await using var server = new InProcessServer(Tool("one", (string name) => $"Hello, {name}."), Tool("two", () => new ContentBlock[] { new TextContentBlock { Text = "a" }, ImageContentBlock.FromBytes(Encoding.UTF8.GetBytes("pixels"), "image/png") }), Tool("none", () => Array.Empty<ContentBlock>()));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        Assert.Equal("Hello, Ada.", (await fixture.CallAsync("s_one", """{"name":"Ada"}""")).Value!.Value.GetString());
        Assert.Null((await fixture.CallAsync("s_none")).Value);
        var image = ContentRef.Of("pixels"u8);
        Assert.Equal($$$"""[{"type":"text","text":"a"},{"type":"image","mimeType":"image/png","content":{"sha256":"{{{image.Sha256}}}","length":6}}]""", (await fixture.CallAsync("s_two")).Value!.Value.GetRawText());
        Assert.Equal("pixels", Encoding.UTF8.GetString((await fixture.Store.GetAsync(image, CancellationToken.None)).Span));
    }

    [Fact]
    public async Task Call_AReadOnlyTool_IsCachedUnlessItsAnswerHoldsBytes()
    {
        var calls = 0;
        await using var server = new InProcessServer(
            Tool("text", () => $"Call {++calls}.", new() { ReadOnly = true }),
            Tool("image", () => new ContentBlock[] { new TextContentBlock { Text = $"{++calls}" }, ImageContentBlock.FromBytes(Encoding.UTF8.GetBytes("pixels"), "image/png") }, new() { ReadOnly = true }));
        await using var fixture = new McpFixture { Cache = new Core.Tests.Caching.FakeCallCache() };
        fixture.Connect("s", () => server);
        await fixture.CallAsync("s_text");
        var second = await fixture.CallAsync("s_text");
        Assert.Equal(("Call 1.", 1), (second.Value!.Value.GetString(), calls));
        Assert.NotNull(second.Cache);
        await fixture.CallAsync("s_image");
        Assert.Null((await fixture.CallAsync("s_image")).Cache);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Call_StructuredContent_IsTheValue()
    {
        await using var server = new InProcessServer(Tool("sum", (int a, int b) => new Dictionary<string, int>(StringComparer.Ordinal) { ["sum"] = a + b }, new() { UseStructuredContent = true }));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        Assert.Equal("""{"sum":3}""", (await fixture.CallAsync("s_sum", """{"a":1,"b":2}""")).Value!.Value.GetRawText());
    }

    [Fact]
    public async Task Call_ToolSaysThatItFailed_IsAPermanentFailureInItsWords()
    {
        await using var server = new InProcessServer(Tool("fail", () => new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "The shelf is empty." }] }, new() { ReadOnly = true }));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        var error = await Assert.ThrowsAsync<ToolFailedException>(() => fixture.CallAsync("s_fail"));
        Assert.Equal("The tool 's_fail' failed: The shelf is empty.", error.Message);
    }

    [Fact]
    public async Task Call_WrongArguments_AreNotSent()
    {
        var calls = 0;
        await using var server = new InProcessServer(Tool("count", (int step) => calls += step));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        await Assert.ThrowsAsync<ToolArgumentsException>(() => fixture.CallAsync("s_count", """{"step":"big"}"""));
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData(null, "run-1:7")]
    [InlineData("order-1", "order-1")]
    public async Task Call_Key_ArrivesInMeta(string? given, string expected)
    {
        await using var server = new InProcessServer(Tool("key", (RequestContext<CallToolRequestParams> request) => request.Params!.Meta!["idempotencyKey"]!.GetValue<string>()));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        Assert.Equal(expected, (await fixture.CallAsync("s_key", key: given)).Value!.Value.GetString());
    }

    [Fact]
    public async Task Call_NobodyWaitsAnyMore_EndsAtOnce()
    {
        await using var server = new InProcessServer(Tool("slow", WaitAsync));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server, new McpServerOptions { CallTimeout = TimeSpan.FromMinutes(7) });
        using var stop = new CancellationTokenSource();
        var call = fixture.CallAsync("s_slow", cancellationToken: stop.Token);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromMinutes(7), fixture.Tools.Find("s_slow").Description.Timeout);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Server_ChangesItsTools_AreListedAnew()
    {
        await using var server = new InProcessServer(Tool("first", () => 1));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        await fixture.SettledAsync();
        server.Tools.Add(Tool("second", () => 2));
        await McpFixture.UntilAsync(() => Task.FromResult(fixture.Tools.Contains("s_second")), "the new tool is there");
        server.Tools.Clear();
        await McpFixture.UntilAsync(() => Task.FromResult(fixture.Tools.Names.Count == 0), "the tools are gone");
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Server_DiesDuringACall_TheCallSaysSoAndItIsConnectedAnew()
    {
        await using var server = new InProcessServer(Tool("slow", WaitAsync, new() { ReadOnly = true }), Tool("quick", () => 1, new() { ReadOnly = true }));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        var call = fixture.CallAsync("s_slow");
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.DieAsync();
        var error = await Assert.ThrowsAsync<ToolUnavailableException>(() => call);
        Assert.True(error.Sent);
        Assert.Contains("went while it ran 's_slow'", error.Message, StringComparison.Ordinal);
        await fixture.AnswersAsync("s_quick");
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Server_DiesDuringACallOfAnUnsafeTool_TheCallIsNotTriedAgain()
    {
        await using var server = new InProcessServer(Tool("slow", WaitAsync));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        var call = fixture.CallAsync("s_slow");
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.DieAsync();
        Assert.IsType<ToolUnavailableException>((await Assert.ThrowsAsync<ToolFailedException>(() => call)).InnerException);
    }

    [Fact]
    public async Task Server_IsDown_ItsToolsSayWhySinceWhenAndComeWithIt()
    {
        await using var server = new InProcessServer(Tool("one", () => 1, new() { ReadOnly = true })) { IsDown = true };
        await using var fixture = new McpFixture(new EchoTool());
        fixture.Connect("s", () => server);
        await fixture.SettledAsync();
        var error = await Assert.ThrowsAsync<ToolUnavailableException>(() => fixture.CallAsync("s_one"));
        Assert.Contains("the MCP server 's' is away since its last attempt at 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nobody listens.", error.Message, StringComparison.Ordinal);
        Assert.False(error.Sent);
        Assert.Equal("1", (await fixture.CallAsync("echo", """{"value":1}""")).Value!.Value.GetRawText());
        server.IsDown = false;
        await fixture.AnswersAsync("s_one");
    }

    [Fact]
    public async Task Server_GoesAway_ItsToolsStayKnown()
    {
        await using var server = new InProcessServer(Tool("one", () => 1, new() { ReadOnly = true }));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        await fixture.SettledAsync();
        server.IsDown = true;
        await server.DieAsync();
        await McpFixture.UntilAsync(() => Task.FromResult(server.Connections > 1), "it is connected anew");
        Assert.False((await Assert.ThrowsAsync<ToolUnavailableException>(() => fixture.CallAsync("s_one"))).Sent);
        Assert.Equal(ToolEffect.ReadOnly, fixture.Tools.Find("s_one").Description.Effect);
    }

    [Fact]
    public async Task Servers_SameToolName_TheLaterIsLeftOut()
    {
        await using var first = new InProcessServer(Tool("echo", () => "theirs"), Tool("mine", () => "first"));
        await using var second = new InProcessServer(Tool("mine", () => "second"), Tool("other", () => "other"));
        await using var fixture = new McpFixture(new EchoTool());
        fixture.Connect("a", () => first, new McpServerOptions { Prefix = "" });
        await fixture.SettledAsync();
        fixture.Connect("b", () => second, new McpServerOptions { Prefix = "" });
        await fixture.SettledAsync();
        Assert.Equal(["echo", "mine", "other"], fixture.Tools.Names);
        Assert.Equal("first", (await fixture.CallAsync("mine")).Value!.Value.GetString());
        Assert.IsType<EchoTool>(fixture.Tools.Get("echo"));
    }

    [Fact]
    public async Task Server_AllowedTools_OnlyTheseAreThere()
    {
        await using var server = new InProcessServer(Tool("one", () => 1), Tool("two", () => 2));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server, new McpServerOptions { AllowedTools = { "two", "three" } });
        await fixture.SettledAsync();
        Assert.Equal(["s_two"], fixture.Tools.Names);
    }

    [Fact]
    public async Task Stop_Connection_ItsToolsSaySo()
    {
        await using var server = new InProcessServer(Tool("one", () => 1));
        await using var fixture = new McpFixture();
        fixture.Connect("s", () => server);
        await fixture.SettledAsync();
        await fixture.StopAsync();
        Assert.Contains("was stopped with this host", (await Assert.ThrowsAsync<ToolUnavailableException>(() => fixture.CallAsync("s_one"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SettingsOutOfRange_AreNamed()
    {
        var options = new McpOptions
        {
            RetryDelay = TimeSpan.Zero,
            Servers =
            {
                ["a b"] = new McpServerOptions { Command = "x" },
                ["none"] = new McpServerOptions(),
                ["both"] = new McpServerOptions { Command = "x", Endpoint = new Uri("http://127.0.0.1/") },
                ["file"] = new McpServerOptions { Endpoint = new Uri("file:///x"), Prefix = "a b", ConnectTimeout = TimeSpan.Zero, CallTimeout = TimeSpan.Zero, ShutdownTimeout = TimeSpan.FromHours(1) },
                ["head"] = new McpServerOptions { Command = "x", Headers = { ["Authorization"] = "secret" }, WorkingDirectory = "/no/such/folder" },
            },
        };
        var failures = string.Join('\n', new McpOptionsValidation().Validate(name: null, options).Failures!);
        Assert.Contains("Mcp:RetryDelay is 00:00:00.", failures, StringComparison.Ordinal);
        Assert.Contains("a server named 'a b'", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:none has neither Command nor Endpoint", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:both has both Command and Endpoint", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:file:Endpoint is 'file:///x'", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:file:Prefix is 'a b'", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:file:ConnectTimeout is 00:00:00", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:file:CallTimeout is 00:00:00", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:file:ShutdownTimeout is 01:00:00", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:head:Headers is set", failures, StringComparison.Ordinal);
        Assert.Contains("Mcp:Servers:head:WorkingDirectory is '/no/such/folder'", failures, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failures, StringComparison.Ordinal);
    }

    private async Task<string> WaitAsync(CancellationToken stop)
    {
        called.TrySetResult();
        await Task.Delay(Timeout.Infinite, stop);
        return "";
    }

    private static McpServerTool Tool(string name, Delegate body, McpServerToolCreateOptions? options = null)
    {
        options ??= new();
        options.Name = name;
        return McpServerTool.Create(body, options);
    }
}
