using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>A tool that reads its arguments itself, strictly, so that its errors name the argument, its value and what is allowed.</summary>
/// <param name="name">The name it is called by.</param>
/// <param name="description">What it does, for models.</param>
/// <param name="schema">The JSON schema of its arguments; an argument it does not name is refused.</param>
/// <param name="effect">What calling it does to the world. Default: it may change something, and is not called again by itself.</param>
/// <param name="cacheFor">How long its answers may be kept: see <see cref="ToolTraits.CacheFor"/>. Default: by its effect.</param>
public abstract class Tool(string name, string description, [StringSyntax(StringSyntaxAttribute.Json)] string schema, ToolEffect effect = ToolEffect.Unsafe, TimeSpan? cacheFor = null) : AIFunction
{
    private readonly Dictionary<string, object?> properties = new(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = effect, [ToolTraits.CacheForProperty] = cacheFor };
    private readonly JsonElement schema = DurableJson.Parse(System.Text.Encoding.UTF8.GetBytes(schema));

    /// <summary>The name it is called by.</summary>
    public sealed override string Name => name;

    /// <summary>What it does.</summary>
    public sealed override string Description => description;

    /// <summary>The JSON schema of its arguments.</summary>
    public sealed override JsonElement JsonSchema => schema;

    /// <summary>Its traits, under the names that <see cref="ToolTraits"/> gives.</summary>
    public sealed override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The arguments; those that the schema does not name were refused.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it answers.</returns>
    /// <exception cref="PermanentFailureException">An argument is wrong, or the tool may not do what was asked.</exception>
    protected abstract ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken);

    /// <summary>Checks the arguments' names and runs it.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cancellationToken">Stops it.</param>
    protected sealed override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await RunAsync(new ToolArguments(this, arguments), cancellationToken);
}
