using System.Reflection;
using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using AgentFunctions.App.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace AgentFunctions.App.Tests.Triggers;

/// <summary>The functions that the host will find: none missing, none too many, none open to everybody but health.</summary>
public sealed class FunctionSurfaceTests
{
    [Fact]
    public void Http_RoutesAndMethods_AreTheContractsOwn()
    {
        var functions = Functions<HttpTriggerAttribute>().Select(f => $"{Assert.Single(f.Trigger.Methods!).ToUpperInvariant()} /api/{f.Trigger.Route}");

        Assert.Equal(ApiRoutes.All.Select(r => $"{r.Method} {r.Template}").Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Http_EveryRouteButHealth_NeedsAFunctionKey()
    {
        var functions = Functions<HttpTriggerAttribute>().ToList();

        Assert.Equal(["GetHealth"], functions.Where(f => f.Trigger.AuthLevel == AuthorizationLevel.Anonymous).Select(f => f.Name));
        Assert.All(functions.Where(f => f.Name != "GetHealth"), f => Assert.Equal(AuthorizationLevel.Function, f.Trigger.AuthLevel));
    }

    [Fact]
    public void Orchestrators_OfTheCatalog_AreFunctionsOfTheSameName() =>
        Assert.Equal(AppServices.CreateCatalog().Orchestrators.Keys.Order(StringComparer.Ordinal), Functions<OrchestrationTriggerAttribute>().Select(f => f.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Activities_OfTheCatalog_AreFunctionsOfTheSameName() =>
        Assert.Equal(AppServices.CreateCatalog().Activities.Keys.Order(StringComparer.Ordinal), Functions<ActivityTriggerAttribute>().Select(f => f.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Entities_OfTheCatalog_AreFunctionsOfTheSameName() =>
        Assert.Equal(AppServices.CreateCatalog().Entities.Keys.Order(StringComparer.Ordinal), Functions<EntityTriggerAttribute>().Select(f => f.Name.ToLowerInvariant()).Order(StringComparer.Ordinal));

    [Fact]
    public void Functions_HaveNamesOfTheirOwn()
    {
        var names = All().Select(m => m.GetCustomAttribute<FunctionAttribute>()!.Name).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static IEnumerable<MethodInfo> All() => typeof(HttpTriggers).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.IsDefined(typeof(FunctionAttribute)));

    private static IEnumerable<(string Name, T Trigger)> Functions<T>()
        where T : Attribute =>
        from method in All()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<T>()
        where trigger is not null
        select (method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger);
}
