using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Models.OpenAICompatible;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>The models of <see cref="ModelOptions"/>: those of the endpoint, or without one the offline model for every tier. The offline model can always be called by its own name.</summary>
public sealed class ModelCatalog : IModelCatalog
{
    private readonly Dictionary<string, ResolvedModel> byTier = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ResolvedModel> byName = new(StringComparer.Ordinal);

    /// <summary>Makes the catalog; nothing is called yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock that a Retry-After date is compared with.</param>
    /// <param name="decorate">Puts decorators over a model's client, once for each model, the offline one too. Default: none.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public ModelCatalog(ModelOptions options, TimeProvider time, Func<ResolvedModel, IChatClient>? decorate = null)
        : this(options, (endpoint, name) => new OpenAIChatClient(name, new OpenAIConnection { Endpoint = endpoint.Address, Key = endpoint.Key, Timeout = options.Timeout, Time = time }), decorate)
    {
    }

    /// <summary>Makes the catalog with clients of another kind.</summary>
    /// <param name="options">The options.</param>
    /// <param name="connect">Makes the client of a model at a deployment, once for each pair; never called without an endpoint.</param>
    /// <param name="decorate">Puts decorators over a model's client, once for each model, the offline one too. Default: none.</param>
    /// <param name="pools">What spreads a model's calls over its deployments. Default: a pool for each model that has several, with default settings.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public ModelCatalog(ModelOptions options, Func<ModelEndpoint, string, IChatClient> connect, Func<ResolvedModel, IChatClient>? decorate = null, DeploymentPools? pools = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connect);
        ModelOptionsValidator.ThrowIfInvalid(options);
        var offline = byName[OfflineChatClient.ModelName] = Decorated(new ResolvedModel(new OfflineChatClient(), OfflineChatClient.ModelName, ModelPrice.Free));
        byTier[ModelTiers.Fast] = Add(options.Fast);
        byTier[ModelTiers.Balanced] = Add(options.Balanced);
        byTier[ModelTiers.Capable] = Add(options.Capable);
        if (options.Endpoint is not null)
        {
            foreach (var other in options.Others) Add(other);
        }

        Names = [.. byTier.Keys.Concat(byName.Keys).Order(StringComparer.Ordinal)];

        ResolvedModel Add(ModelChoice model) => options.Endpoint is null ? offline
            : byName.TryGetValue(model.Name, out var known) ? known
            : byName[model.Name] = Decorated(new ResolvedModel(Connect(model.Name), model.Name, model.Price));

        IChatClient Connect(string name)
        {
            (ModelEndpoint Endpoint, IChatClient Client)[] deployments = [.. options.Endpoints.Select(endpoint => (endpoint, connect(endpoint, name)))];
            return pools is not null ? pools.OverChats(name, deployments) : deployments is [var only] ? only.Client : new DeployedChatClient(deployments);
        }

        ResolvedModel Decorated(ResolvedModel model) => decorate is null ? model : model with { Client = decorate(model) };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public ResolvedModel Resolve(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return byTier.TryGetValue(model, out var resolved) || byName.TryGetValue(model, out resolved)
            ? resolved
            : throw new PermanentFailureException($"There is no model '{model}'. There are: {string.Join(", ", Names)}.");
    }
}
