using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Durable;

/// <summary>An orchestrator as engines and triggers see it: by name, over JSON.</summary>
/// <param name="Name">Its name; in Azure, the function's name.</param>
/// <param name="Internal">True when only other orchestrators start it.</param>
/// <param name="InputType">The type of its input.</param>
/// <param name="OutputType">The type of its result.</param>
public abstract record OrchestratorRegistration(string Name, bool Internal, Type InputType, Type OutputType)
{
    /// <summary>Runs it over JSON.</summary>
    /// <param name="context">The engine's context.</param>
    /// <param name="input">UTF-8 JSON.</param>
    /// <param name="json">The catalog's options.</param>
    /// <returns>The result as UTF-8 JSON.</returns>
    public abstract Task<ReadOnlyMemory<byte>> RunAsync(OrchestrationContext context, ReadOnlyMemory<byte> input, JsonSerializerOptions json);

    /// <summary>Says what is wrong with an input; nothing where it is valid.</summary>
    /// <param name="input">The input.</param>
    /// <param name="json">The catalog's options.</param>
    /// <exception cref="JsonException">It does not fit the input's type.</exception>
    public abstract InputErrors Validate(JsonElement input, JsonSerializerOptions json);

    /// <summary>Moves large parts of a valid input into the content store.</summary>
    /// <param name="input">The valid input.</param>
    /// <param name="content">Where large values go.</param>
    /// <param name="json">The catalog's options.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The input that the run is started with.</returns>
    public abstract ValueTask<JsonElement> PrepareAsync(JsonElement input, IContentStore content, JsonSerializerOptions json, CancellationToken cancellationToken);

    /// <summary>Tells an orchestrator that wants to know of the catalog it is part of.</summary>
    /// <param name="catalog">The catalog.</param>
    internal abstract void Use(Catalog catalog);
}

internal sealed record OrchestratorRegistration<TInput, TOutput>(string Name, bool Internal, Orchestrator<TInput, TOutput> Orchestrator)
    : OrchestratorRegistration(Name, Internal, typeof(TInput), typeof(TOutput))
{
    public override async Task<ReadOnlyMemory<byte>> RunAsync(OrchestrationContext context, ReadOnlyMemory<byte> input, JsonSerializerOptions json) =>
        DurableJson.Write(await Orchestrator.RunAsync(context, DurableJson.Read<TInput>(input, json)), json);

    public override InputErrors Validate(JsonElement input, JsonSerializerOptions json)
    {
        var errors = new InputErrors();
        Orchestrator.Validate(DurableJson.Read<TInput>(input, json) ?? throw new JsonException("The input is null. Send a JSON object."), errors);
        return errors;
    }

    public override async ValueTask<JsonElement> PrepareAsync(JsonElement input, IContentStore content, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var value = DurableJson.Read<TInput>(input, json);
        var prepared = await Orchestrator.PrepareAsync(value, content, cancellationToken);
        return ReferenceEquals(value, prepared) ? input : DurableJson.ToElement(prepared, json);
    }

    internal override void Use(Catalog catalog) => (Orchestrator as ICatalogUser)?.Use(catalog);
}

/// <summary>An activity as engines see it: by name, over JSON.</summary>
/// <param name="Name">Its name; in Azure, the function's name.</param>
/// <param name="InputType">The type of its input.</param>
/// <param name="OutputType">The type of its output.</param>
public abstract record ActivityRegistration(string Name, Type InputType, Type OutputType)
{
    /// <summary>Runs it over JSON.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="context">Which call it serves.</param>
    /// <param name="input">UTF-8 JSON.</param>
    /// <param name="json">The catalog's options.</param>
    /// <param name="cancellationToken">Fires when nobody waits any more.</param>
    /// <returns>The output as UTF-8 JSON.</returns>
    public abstract Task<ReadOnlyMemory<byte>> RunAsync(IServiceProvider services, ActivityContext context, ReadOnlyMemory<byte> input, JsonSerializerOptions json, CancellationToken cancellationToken);
}

internal sealed record ActivityRegistration<TInput, TOutput>(string Name, Func<IServiceProvider, Activity<TInput, TOutput>> Factory) : ActivityRegistration(Name, typeof(TInput), typeof(TOutput))
{
    public override async Task<ReadOnlyMemory<byte>> RunAsync(IServiceProvider services, ActivityContext context, ReadOnlyMemory<byte> input, JsonSerializerOptions json, CancellationToken cancellationToken) =>
        DurableJson.Write(await Factory(services).RunAsync(context, DurableJson.Read<TInput>(input, json), cancellationToken), json);
}
