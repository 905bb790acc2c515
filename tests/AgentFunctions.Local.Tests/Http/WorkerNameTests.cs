using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Local.CommandLine;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Http;

public sealed class WorkerNameTests
{
    [Fact]
    public async Task Reports_OfOneHost_NameOneWorker()
    {
        await using var host = await new LocalHostFactory(AgentFunctionsCatalog.Create()).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.Address };
        List<string?> names = [];
        foreach (var route in (string[])["limits", "pools", "circuits", "budgets"]) names.Add(JsonElement.Parse(await http.GetStringAsync($"/api/{route}")).GetProperty("worker").GetString());

        Assert.StartsWith($"{Environment.MachineName}-{Environment.ProcessId}-", Assert.Single(names.Distinct()), StringComparison.Ordinal);
    }
}
