using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using ProtocolTool = ModelContextProtocol.Protocol.Tool;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>A tool of an MCP server. It stays while the server is away; its calls then say so. The call's idempotency key goes along as <c>_meta.idempotencyKey</c>.</summary>
internal sealed class McpTool : AIFunction
{
    /// <summary>Where a server finds the idempotency key of a call: in the request's <c>_meta</c> under this name.</summary>
    public const string KeyInMeta = "idempotencyKey";

    private readonly McpConnection connection;
    private readonly ProtocolTool tool;
    private readonly Dictionary<string, object?> properties = new(StringComparer.Ordinal);

    public McpTool(McpConnection connection, ProtocolTool tool, string? version)
    {
        this.connection = connection;
        this.tool = tool;
        Name = connection.Prefix + tool.Name;
        if (connection.Options.TrustAnnotations) properties[ToolTraits.EffectProperty] = EffectOf(tool.Annotations);
        if (connection.Options.CallTimeout is { } timeout) properties[ToolTraits.TimeoutProperty] = timeout;
        if (version is not null) properties[ToolTraits.VersionProperty] = version;
    }

    public override string Name { get; }

    public override string Description => tool.Description ?? tool.Title ?? "";

    public override JsonElement JsonSchema => tool.InputSchema;

    public override JsonElement? ReturnJsonSchema => tool.OutputSchema;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;

    /// <summary>What the server says of the tool. By the specification nothing said means that it may change something, and again each time.</summary>
    public static ToolEffect EffectOf(ToolAnnotations? annotations) => annotations switch
    {
        { ReadOnlyHint: true } => ToolEffect.ReadOnly,
        { IdempotentHint: true } => ToolEffect.Idempotent,
        _ => ToolEffect.Unsafe,
    };

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var request = new CallToolRequestParams
        {
            Name = tool.Name,
            Arguments = arguments.ToDictionary(argument => argument.Key, argument => ToJson(argument.Value), StringComparer.Ordinal),
            Meta = arguments.IdempotencyKey() is { } key ? new JsonObject { [KeyInMeta] = key } : null,
        };
        var result = await connection.CallAsync(Name, request, cancellationToken);
        // An entry must not outlive the bytes that it points to.
        if (McpResults.HoldsBytes(result)) arguments.LimitCaching(TimeSpan.Zero);
        return await McpResults.ReadAsync(Name, result, connection.Content, cancellationToken);
    }

    private static JsonElement ToJson(object? value) => value is JsonElement json ? json : JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object)));
}
