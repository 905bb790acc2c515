using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

/// <summary>Against @modelcontextprotocol/server-everything, over standard streams and over streamable HTTP.</summary>
public sealed class EverythingServerTests
{
    [NodeFact]
    public async Task Stdio_Tools_AreCalled()
    {
        await using var fixture = new McpFixture();
        fixture.Connect("all", new McpServerOptions { Command = "node", Arguments = { NpmPackages.Everything, "stdio" } });
        await CheckToolsAsync(fixture);
    }

    [NodeFact]
    public async Task Stdio_Environment_IsWhatWasSetAndNothingOfOurs()
    {
        Environment.SetEnvironmentVariable("AGENTFUNCTIONS_TEST_SECRET", "hidden");
        await using var fixture = new McpFixture();
        fixture.Connect("all", new McpServerOptions { Command = "node", Arguments = { NpmPackages.Everything, "stdio" }, Environment = { ["GIVEN"] = "yes" } });
        var environment = (await fixture.CallAsync("all_get-env")).Value!.Value.GetString()!;
        Assert.Contains("\"GIVEN\": \"yes\"", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("AGENTFUNCTIONS_TEST_SECRET", environment, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Stdio_ProcessIsKilled_AnotherIsStartedAndStopEndsIt()
    {
        var folder = Directory.CreateTempSubdirectory("agentfunctions-mcp-");
        try
        {
            var pidFile = Path.Combine(folder.FullName, "pid");
            var preload = Path.Combine(folder.FullName, "pid.cjs");
            await File.WriteAllTextAsync(preload, "const fs = require('fs'); fs.writeFileSync(process.env.PID_FILE + '.new', String(process.pid)); fs.renameSync(process.env.PID_FILE + '.new', process.env.PID_FILE);");
            await using var fixture = new McpFixture();
            fixture.Connect("all", new McpServerOptions { Command = "node", Arguments = { "--require", preload, NpmPackages.Everything, "stdio" }, Environment = { ["PID_FILE"] = pidFile } });
            await fixture.AnswersAsync("all_echo", """{"message":"hi"}""");
            var first = await ProcessAsync(pidFile);
            var call = fixture.CallAsync("all_trigger-long-running-operation", """{"duration":60,"steps":2}""", "key-1");
            first.Kill();
            await first.WaitForExitAsync();
            await Assert.ThrowsAsync<ToolUnavailableException>(() => call);
            await fixture.AnswersAsync("all_echo", """{"message":"hi"}""");
            var second = await ProcessAsync(pidFile);
            Assert.NotEqual(first.Id, second.Id);
            await fixture.StopAsync();
            await second.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
            Assert.True(second.HasExited);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [NodeFact]
    public async Task StreamableHttp_ServerIsStartedAgain_ToolsAreCalledAgain()
    {
        var port = FreePort();
        await using var fixture = new McpFixture();
        fixture.Connect("all", new McpServerOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/mcp"), ConnectTimeout = TimeSpan.FromSeconds(20) });
        await fixture.SettledAsync();
        Assert.Empty(fixture.Tools.Names);
        using (var server = await ServeAsync(port))
        {
            await fixture.AnswersAsync("all_echo", """{"message":"hi"}""");
            await CheckToolsAsync(fixture);
            server.Kill();
            await server.WaitForExitAsync();
        }

        using var again = await ServeAsync(port);
        try
        {
            await fixture.AnswersAsync("all_get-structured-content", """{"location":"Chicago"}""");
        }
        finally
        {
            again.Kill();
        }
    }

    private static async Task CheckToolsAsync(McpFixture fixture)
    {
        Assert.Equal("Echo: hi", (await fixture.CallAsync("all_echo", """{"message":"hi"}""")).Value!.Value.GetString());
        Assert.Equal(36, (await fixture.CallAsync("all_get-structured-content", """{"location":"Chicago"}""")).Value!.Value.GetProperty("temperature").GetInt32());
        var image = (await fixture.CallAsync("all_get-tiny-image")).Value!.Value.EnumerateArray().Single(part => part.GetProperty("type").GetString() == "image");
        Assert.Equal("image/png", image.GetProperty("mimeType").GetString());
        var bytes = await fixture.Store.GetAsync(new(image.GetProperty("content").GetProperty("sha256").GetString()!, image.GetProperty("content").GetProperty("length").GetInt64()), CancellationToken.None);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4].ToArray());
        Assert.Equal(ToolEffect.ReadOnly, fixture.Tools.Find("all_echo").Description.Effect);
        var error = await Assert.ThrowsAsync<ToolArgumentsException>(() => fixture.CallAsync("all_get-structured-content", """{"location":"Paris"}"""));
        Assert.Contains("location: It is \"Paris\". It must be one of: \"New York\", \"Chicago\", \"Los Angeles\".", error.Message, StringComparison.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number => Assert.Contains($"{number + 1}", (await fixture.CallAsync("all_get-sum", $$"""{"a":{{number}},"b":1}""")).Value!.Value.GetString(), StringComparison.Ordinal)));
    }

    private static async Task<Process> ProcessAsync(string pidFile) => Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pidFile), CultureInfo.InvariantCulture));

    private static async Task<Process> ServeAsync(int port)
    {
        var start = new ProcessStartInfo("node", [NpmPackages.Everything, "streamableHttp"]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) listening.TrySetException(new InvalidOperationException("The server ended before it listened."));
            else if (line.Data.Contains("listening", StringComparison.Ordinal)) listening.TrySetResult();
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await listening.Task;
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
