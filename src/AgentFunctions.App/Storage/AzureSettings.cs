using Microsoft.Extensions.Configuration;

namespace AgentFunctions.App.Storage;

/// <summary>Where the app's Azure services are. In Azure each is an address, and callers are known by their identity; connection strings are for emulators on a developer's machine.</summary>
/// <param name="StorageConnection">The connection string of the storage account, or null.</param>
/// <param name="TableEndpoint">The account's table service.</param>
/// <param name="BlobEndpoint">The account's blob service.</param>
/// <param name="ServiceBusConnection">The connection string of the namespace, or null.</param>
/// <param name="ServiceBusNamespace">The namespace's host name, or null; without either, results are not published.</param>
/// <param name="ResultsTopic">The topic that results go to.</param>
internal sealed record AzureSettings(string? StorageConnection, Uri? TableEndpoint, Uri? BlobEndpoint, string? ServiceBusConnection, string? ServiceBusNamespace, string ResultsTopic)
{
    /// <summary>The table of cached values.</summary>
    public const string ValuesTable = "agentcache";

    /// <summary>The table of cancellations.</summary>
    public const string CancellationsTable = "agentcancellations";

    /// <summary>The table of live output.</summary>
    public const string OutputTable = "agentoutput";

    /// <summary>The container of large values.</summary>
    public const string ContentContainer = "agent-content";

    private const string HostStorage = "AzureWebJobsStorage";
    private const string Bus = "ServiceBusConnection";

    /// <summary>Reads the settings: <c>Storage__tableServiceUri</c> and <c>Storage__blobServiceUri</c> (else those of AzureWebJobsStorage, or its account's name), <c>ServiceBusConnection__fullyQualifiedNamespace</c>, <c>Results__Topic</c>.</summary>
    /// <exception cref="InvalidOperationException">No storage is set, or an address is none.</exception>
    public static AzureSettings Read(IConfiguration configuration)
    {
        var connection = Value(configuration, HostStorage);
        var table = Address(configuration, "table");
        var blob = Address(configuration, "blob");
        if ((table is null || blob is null) && connection is null)
        {
            throw new InvalidOperationException($"No storage is set for tables and blobs. Set Storage__tableServiceUri and Storage__blobServiceUri to an account's addresses, or {HostStorage}__accountName to its name, or on a developer's machine {HostStorage} to UseDevelopmentStorage=true.");
        }

        var explicitAddresses = table is not null && blob is not null;
        return new AzureSettings(explicitAddresses ? null : connection, table, blob, Value(configuration, Bus), Value(configuration, $"{Bus}:fullyQualifiedNamespace"), Value(configuration, "Results:Topic") ?? "agent-results");
    }

    private static Uri? Address(IConfiguration configuration, string kind)
    {
        foreach (var setting in (ReadOnlySpan<string>)[$"Storage:{kind}ServiceUri", $"{HostStorage}:{kind}ServiceUri"])
        {
            if (Value(configuration, setting) is { } text)
            {
                return Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
                    ? address
                    : throw new InvalidOperationException($"{setting} is '{text}'. Set it to an https address, such as https://account.{kind}.core.windows.net.");
            }
        }

        return Value(configuration, $"{HostStorage}:accountName") is { } account ? new Uri($"https://{account}.{kind}.core.windows.net") : null;
    }

    private static string? Value(IConfiguration configuration, string setting) => configuration[setting] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
