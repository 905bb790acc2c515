using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools.Schemas;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>A tool of the registry, with how it may be called and its compiled schema.</summary>
public sealed class RegisteredTool
{
    private readonly JsonValueSchema schema;

    internal RegisteredTool(AIFunction function, ToolOptions options)
    {
        Function = function;
        var traits = ToolTraits.Of(function);
        options.Traits.TryGetValue(function.Name, out var set);
        Description = new ToolDescription(function.Name, set?.Effect ?? traits.Effect ?? ToolEffect.Unsafe, set?.Timeout ?? traits.Timeout ?? options.Timeout);
        Version = traits.Version;
        CacheFor = Description.Effect == ToolEffect.Unsafe ? TimeSpan.Zero : set?.CacheFor ?? traits.CacheFor ?? (Description.Effect == ToolEffect.ReadOnly ? null : TimeSpan.Zero);
        SchemaHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Write(function.JsonSchema))));
        try
        {
            schema = JsonValueSchema.Compile(function.JsonSchema);
            // Finds a reference that goes round in a circle now rather than at the first call.
            schema.Accepts(JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>(StringComparer.Ordinal), ToolsJsonContext.Default.DictionaryStringJsonElement));
        }
        catch (SchemaException error)
        {
            throw new ArgumentException($"The JSON schema of the tool '{function.Name}' can't be used: {error.Message}", nameof(function), error);
        }
    }

    /// <summary>The tool itself.</summary>
    public AIFunction Function { get; }

    /// <summary>Its name, effect and timeout: as set, else as it says, else the defaults.</summary>
    public ToolDescription Description { get; }

    /// <summary>Which version of it this is, where it says so.</summary>
    public string? Version { get; }

    /// <summary>How long its answers may be kept; zero for not at all, null for as long as the settings of the cache say.</summary>
    public TimeSpan? CacheFor { get; }

    /// <summary>The SHA-256 of its JSON schema in canonical form: a cached answer to a call by another schema is not used.</summary>
    public string SchemaHash { get; }

    /// <summary>Checks arguments against the tool's JSON schema.</summary>
    /// <param name="arguments">A JSON object, or nothing for an empty one.</param>
    /// <exception cref="ToolArgumentsException">They don't fit; the message has each argument's path, its value and what is allowed.</exception>
    public void Check(JsonElement? arguments)
    {
        var given = arguments is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json
            ? json
            : JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>(StringComparer.Ordinal), ToolsJsonContext.Default.DictionaryStringJsonElement);
        var name = Description.Name;
        if (given.ValueKind != JsonValueKind.Object) throw new ToolArgumentsException(name, $"The arguments of the tool '{name}' are a JSON {given.ValueKind}. Give an object, with a property for each argument.");
        var findings = schema.Check(given);
        if (findings.Count == 0) return;
        var faults = string.Join(" ", findings.Select(finding => finding.Path.Length == 0 ? finding.Message : $"{finding.Path}: {finding.Message}"));
        var more = findings.Count == JsonValueSchema.MostFindings ? string.Create(CultureInfo.InvariantCulture, $" (There may be more: these are the first {JsonValueSchema.MostFindings}.)") : "";
        throw new ToolArgumentsException(name, $"The tool '{name}' refused its arguments. {faults}{more}");
    }
}
