using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Api;

/// <summary>Maps the HTTP contract into an ASP.NET Core host.</summary>
public static class AgentFunctionsEndpoints
{
    /// <summary>Maps every route of the contract, and what answers any other request under /api. Needs <see cref="AgentFunctionsServices.AddAgentFunctionsApi"/>.</summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <exception cref="InvalidOperationException">The services were not added, or no IRunClient, Catalog or IContentStore is registered.</exception>
    public static IEndpointRouteBuilder MapAgentFunctions(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var api = endpoints.ServiceProvider.GetRequiredService<AgentFunctionsApi>();
        foreach (var route in ApiRoutes.All)
        {
            endpoints.MapMethods(route.Template, [route.Method], async context =>
            {
                var result = await route.Handle(api, context.Request, name => (string)context.Request.RouteValues[name]!);
                await result.ExecuteAsync(context);
            });
        }

        endpoints.MapFallback("/api/{**rest}", async context =>
        {
            var result = await api.UnknownRouteAsync(context.Request);
            await result.ExecuteAsync(context);
        });
        return endpoints;
    }
}
