using System.ClientModel.Primitives;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace AgentFunctions.Core.Tests.Models;

public sealed class ModelServicesTests
{
    private static readonly Uri Endpoint = new("https://models.example/v1");

    [Fact]
    public void ConnectionOf_HostWithAnIdentity_CallsAsIt()
    {
        var identity = Mock.Of<AuthenticationPolicy>();
        using var host = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(identity).BuildServiceProvider();

        Assert.Same(identity, ModelServices.ConnectionOf(new ModelOptions { Endpoint = Endpoint }, Endpoint, key: null, host).Authentication);
    }

    [Fact]
    public void ConnectionOf_HostWithout_CallsWithTheKey()
    {
        using var host = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();

        var connection = ModelServices.ConnectionOf(new ModelOptions { Endpoint = Endpoint }, Endpoint, "k", host);

        Assert.Equal((null, "k"), (connection.Authentication, connection.Key));
    }
}
