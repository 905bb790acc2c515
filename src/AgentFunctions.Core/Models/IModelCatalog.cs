using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>The models that calls may name.</summary>
public interface IModelCatalog
{
    /// <summary>The tiers and the models' names, in alphabetical order.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The model behind a name.</summary>
    /// <param name="model">A tier or <c>auto</c>, without regard to case, or a model's name.</param>
    /// <exception cref="PermanentFailureException">There is no such model; the message names those that there are.</exception>
    ResolvedModel Resolve(string model);
}

/// <summary>A model that can be called.</summary>
/// <param name="Client">What calls it.</param>
/// <param name="Name">Its own name; <c>auto</c> where it is chosen for each call.</param>
/// <param name="Price">What it costs; for <c>auto</c> the price of the capable tier, above which no call is.</param>
public sealed record ResolvedModel(IChatClient Client, string Name, ModelPrice Price);
