using System.Text.Json;
using AgentFunctions.Api.Admission;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Api;

/// <summary>What every request needs and no request owns. One for a host.</summary>
public sealed class ApiEnvironment
{
    private readonly Lazy<byte[]> openApi;

    /// <summary>Gathers it.</summary>
    /// <param name="catalog">What the host runs.</param>
    /// <param name="content">Where large inputs go.</param>
    /// <param name="options">Settings.</param>
    /// <param name="host">Whether the host is draining.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where what is not the caller's fault is logged.</param>
    /// <param name="parts">The parts that a host may lack. Default: none of them.</param>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public ApiEnvironment(Catalog catalog, IContentStore content, IOptions<ApiOptions> options, IHostState host, TimeProvider time, ILogger<ApiEnvironment> logger, ApiParts? parts = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        Catalog = catalog;
        Content = content;
        Options = options.Value;
        Host = host;
        Time = time;
        Logger = logger;
        Parts = parts ?? new ApiParts();
        Admission = new AdmissionGate(Parts.Admission, Parts.Load, Parts.Limits, time, Random.Shared.NextDouble, logger);
        Json = DurableJson.CreateOptions(ApiJsonContext.Default, TelemetryJson.Resolver, catalog.Json.TypeInfoResolver!);
        openApi = new Lazy<byte[]>(() => OpenApi.OpenApiDocument.Build(this));
    }

    internal Catalog Catalog { get; }

    internal IContentStore Content { get; }

    internal ApiOptions Options { get; }

    internal IHostState Host { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal ApiParts Parts { get; }

    /// <summary>What lets starts in.</summary>
    internal AdmissionGate Admission { get; }

    /// <summary>How answers are written: the catalog's types and this room's, in one format.</summary>
    internal JsonSerializerOptions Json { get; }

    internal ReadOnlyMemory<byte> OpenApiBytes => openApi.Value;
}
