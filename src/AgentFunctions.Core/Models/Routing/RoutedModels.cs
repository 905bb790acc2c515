using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Routing;

/// <summary>Puts routing over a host's models, and tells callers what it did.</summary>
public static class RoutedModels
{
    /// <summary>Adds the settings of routing; they are checked when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="models">The models that the settings may name.</param>
    public static IServiceCollection AddRouting(this IServiceCollection services, ModelOptions models)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<RoutingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingOptions>, RoutingOptionsValidation>(_ => new RoutingOptionsValidation(models)));
        return services;
    }

    /// <summary>A host's models with routing over them.</summary>
    internal static IModelCatalog Over(IServiceProvider host, ModelOptions options, IModelCatalog catalog) =>
        new RoutedCatalog(catalog, options, host.GetRequiredService<IOptions<RoutingOptions>>().Value, host.GetRequiredService<TimeProvider>());

    /// <summary>A call's properties, with its check and what is asked where it has them.</summary>
    internal static AdditionalPropertiesDictionary With(AnswerCheck? accept, string? task, AdditionalPropertiesDictionary properties)
    {
        if (accept is not null) properties[ModelProperties.Accept] = accept;
        if (task is not null) properties[ModelProperties.Task] = task;
        return properties;
    }

    /// <summary>What all of the models cost that were asked; null where the answer's own cost is all.</summary>
    internal static Cost? CostOf(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(ModelProperties.Cost) as Cost;

    /// <summary>The way of an answer; null where there was no choice.</summary>
    /// <exception cref="PermanentFailureException">The call has a check, and nothing here makes it.</exception>
    internal static ModelRoute? RouteOf(AdditionalPropertiesDictionary? properties, AnswerCheck? accept, ResolvedModel model)
    {
        var route = properties?.GetValueOrDefault(ModelProperties.Route) as ModelRoute;
        return accept is null || route?.Accepted is not null ? route : throw new PermanentFailureException($"The call has a check of its answer ('accept'), but the model '{model.Name}' comes from a catalog that checks none. Register the models by AddModels, or leave the check out.");
    }

    /// <summary>Refuses a check that can't be made.</summary>
    /// <exception cref="PermanentFailureException">It can't; with every reason.</exception>
    internal static void ThrowIfWrong(AnswerCheck? accept)
    {
        if (accept is not null && AnswerCheckRules.Errors(accept, "accept").ToList() is { Count: > 0 } errors) throw new PermanentFailureException(string.Join(' ', errors));
    }
}
