using AgentFunctions.App.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.App.Tests.Durable;

public sealed class AppServicesTests
{
    [Fact]
    public void AddAgentFunctionsApp_CheckedAsOnADevelopersMachine_IsComplete()
    {
        // The worker checks the container when AZURE_FUNCTIONS_ENVIRONMENT is Development, which `func start` sets.
        using var services = Services(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.NotNull(services.GetRequiredService<FunctionsApi>());
    }

    [Fact]
    public void Functions_OfEveryClass_CanBeMade()
    {
        using var services = Services(new ServiceProviderOptions());
        var classes = typeof(FunctionsApi).Assembly.GetTypes().Where(t => t.GetMethods().Any(m => m.IsDefined(typeof(FunctionAttribute), inherit: false))).ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, type => Assert.IsType(type, ActivatorUtilities.CreateInstance(services, type)));
    }

    private static ServiceProvider Services(ServiceProviderOptions options) => new ServiceCollection().AddLogging()
        .AddAgentFunctionsApp(AppServices.CreateCatalog(), new ConfigurationBuilder().Build()).BuildServiceProvider(options);
}
