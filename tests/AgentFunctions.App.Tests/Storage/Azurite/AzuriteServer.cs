using System.Diagnostics;
using System.Text.RegularExpressions;
using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage.Azurite;

/// <summary>One Azurite for all tests: the one that runs already, or one in memory on free ports that ends with them. Each test has a table and a container of its own.</summary>
public sealed partial class AzuriteServer : IAsyncLifetime
{
    /// <summary>The emulator's well-known account; it is no secret.</summary>
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly HttpClient http = new();
    private Process? process;

    // Read to their ends, or the process would wait for a full pipe.
    private Task<string> rest = Task.FromResult("");
    private Task<string> errors = Task.FromResult("");
    private string connection = "";

    public async Task InitializeAsync()
    {
        if (AzuriteAtHand.WhyNot is not null)
        {
            return;
        }

        connection = AzuriteAtHand.Connection is not { } running ? await StartAsync()
            : running == "UseDevelopmentStorage=true" ? ConnectionOf("http://127.0.0.1:10000", "http://127.0.0.1:10002") : running;
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        if (process is null)
        {
            return;
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await Task.WhenAll(rest, errors);
        process.Dispose();
    }

    /// <summary>A new table, over plain HTTP.</summary>
    internal ITableClientPort WireTable()
    {
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return new WireTable(http, new Uri(parts["TableEndpoint"]), parts["AccountName"], parts["AccountKey"], NewName());
    }

#if AZURE_SDKS
    /// <summary>A new table, over Azure's client.</summary>
    internal ITableClientPort SdkTable() => new Sdk.TableStorage(Sdk.TableStorage.Connect(connection), NewName());

    /// <summary>A new container, over Azure's client.</summary>
    internal IBlobPort SdkBlobs() => new Sdk.BlobStorage(Sdk.BlobStorage.Connect(connection), NewName());
#endif

    private static string NewName() => $"t{Guid.NewGuid():n}";

    private static string ConnectionOf(string blobs, string tables) => $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint={blobs}/devstoreaccount1;TableEndpoint={tables}/devstoreaccount1;";

    private async Task<string> StartAsync()
    {
        // Port 0: a free one, which it says once it listens.
        string[] arguments = [.. AzuriteAtHand.Arguments, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
        process = Process.Start(new ProcessStartInfo(AzuriteAtHand.Command!, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() })!;
        errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var addresses = new Dictionary<string, string>();
        var said = new List<string>();
        while (addresses.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"Azurite ({AzuriteAtHand.Command}) ended before it listened. It said: {string.Join(" | ", said)} {await errors}");
            said.Add(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                addresses[match.Groups["service"].Value] = match.Groups["address"].Value;
            }
        }

        rest = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return ConnectionOf(addresses["Blob"], addresses["Table"]);
    }

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}

[CollectionDefinition(Name)]
public sealed class AzuriteTests : ICollectionFixture<AzuriteServer>
{
    public const string Name = "Azurite";
}
