using System.Text.Json;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>The tools of an MCP server that is named in the host's configuration, from the command line to the answer.</summary>
public sealed class McpServerTests
{
    [NodeFact]
    public async Task Serve_ServerInTheConfiguration_ItsToolsAreCalledAndItEndsWithTheHost()
    {
        await using var host = HostProcess.Start(
            ["serve", "--port", "0", "--in-memory"],
            ("Mcp__Servers__all__Command", "node"),
            ("Mcp__Servers__all__Arguments__0", NpmPackages.Everything),
            ("Mcp__Servers__all__Arguments__1", "stdio"));
        var client = await host.ListeningAsync();

        // The call comes while the server is still being connected, and waits for it.
        var state = await client.FinishAsync("ToolFanOut", """{"calls":[{"key":"good","tool":"all_echo","arguments":{"message":"hi"}},{"key":"bad","tool":"all_echo","arguments":{"message":5}}]}""", "mcp");

        var branches = state.GetProperty("output").GetProperty("branches").EnumerateArray().ToList();
        Assert.Contains("hi", branches[0].GetProperty("value").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Failed", branches[1].GetProperty("status").GetString());
        Assert.Contains("message", branches[1].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await host.SignalAsync("TERM");
        Assert.True(await host.ExitAsync() == 0, host.ToString());
    }

    [Fact]
    public async Task Serve_WrongServerInTheConfiguration_StopsWithTheSettingsName()
    {
        await using var host = HostProcess.Start(["serve", "--port", "0", "--in-memory"], ("Mcp__Servers__odd__Command", "node"), ("Mcp__Servers__odd__Endpoint", "http://127.0.0.1:1/mcp"));

        Assert.NotEqual(0, await host.ExitAsync());
        Assert.Contains("Mcp:Servers:odd", host.Error.ToString(), StringComparison.Ordinal);
    }
}
